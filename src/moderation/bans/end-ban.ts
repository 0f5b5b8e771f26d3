import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { deleteBan, findBan } from "./ban-repository.ts";
import { banParams } from "./schemas.ts";

export const endBan = operation({
  name: "endBan",
  summary: "Let somebody write in conversations again, at once",
  input: z.object({ params: banParams }),
  output: z.object({}),
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params }) => {
    const { db } = platform;
    const ban = await findBan(db, tenantWithin(actor), params.ban_id);
    if (!ban) throw new AppError("NOT_FOUND");
    const { clientId, personId: id, personKind: type } = ban;
    await db.batch([
      auditAction(platform, actor, { action: "conversations.ban_lifted", target: { type, id }, clientId }),
      deleteBan(db, ban),
    ]);
    return {};
  },
});
