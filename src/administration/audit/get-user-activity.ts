import { z } from "@hono/zod-openapi";
import { listed, pageRequest } from "#src/http/page.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { operation } from "#src/operation/operation.ts";
import { userParams } from "../users/schemas.ts";
import { anyUserWithin } from "../users/user-within.ts";
import { auditBy } from "./audit-query-repository.ts";
import { auditReading } from "./audit-reading.ts";
import { actionSchema, activityQuery, activitySchema } from "./schemas.ts";

export const getUserActivity = operation({
  name: "getUserActivity",
  summary: "What an account did, the latest first",
  input: z.object({ params: userParams, query: activityQuery }),
  output: activitySchema,
  refusals: ["USER_NOT_FOUND"],
  run: async (platform, actor, { params: { user_id }, query: { offset, ...query } }) => {
    const { db } = platform;
    await anyUserWithin(db, actor, user_id);
    await auditReading(platform, actor, "user.activity_read", { type: "user", id: user_id });
    const request = pageRequest(query);
    const { rows, page } = listed(await auditBy(db, user_id, { ...request, offset }), request.limit);
    const activities = rows.map((row) => wireRow(actionSchema, row, { user_id, ip_address: row.ip }));
    return { user_id, activities, ...page };
  },
});
