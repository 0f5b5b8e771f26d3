import { z } from "@hono/zod-openapi";
import { cursorBehind, skippedBy } from "#src/http/page.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { operation } from "#src/operation/operation.ts";
import { auditReading } from "../audit/audit-reading.ts";
import { pageOfUsers } from "./administered-user-repository.ts";
import { listUsersQuery, userListSchema } from "./schemas.ts";
import { administeredUserView } from "./views.ts";

export const listUsers = operation({
  name: "listUsers",
  summary: "Accounts of all tenants, page by page",
  input: z.object({ query: listUsersQuery }),
  output: userListSchema,
  run: async (platform, actor, { query }) => {
    const client_id = tenantWithin(actor, query.client_id);
    const size = query.limit ?? query.page_size;
    const skipped = query.cursor === undefined ? (query.page - 1) * size : skippedBy(query.cursor);
    await auditReading(platform, actor, "users.listed", undefined, { skipped });
    const { rows, total } = await pageOfUsers(
      platform.db,
      { ...query, client_id },
      { limit: size, offset: skipped },
    );
    return {
      users: rows.map(administeredUserView),
      total_count: total,
      page: Math.floor(skipped / size) + 1,
      page_size: size,
      total_pages: Math.ceil(total / size),
      next_cursor: cursorBehind(skipped + size, total),
    };
  },
});
