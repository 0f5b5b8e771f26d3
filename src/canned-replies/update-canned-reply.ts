import { z } from "@hono/zod-openapi";
import { isUniqueViolation } from "#src/db/unique-violation.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { updateReply } from "./canned-reply-repository.ts";
import { shortcutTaken } from "./create-canned-reply.ts";
import { cannedReplyParams, cannedReplySchema, changedCannedReplySchema } from "./schemas.ts";

export const updateCannedReply = operation({
  name: "updateCannedReply",
  summary: "Change a reply; fields left out stay as they are",
  input: z.object({ params: cannedReplyParams, body: changedCannedReplySchema }),
  output: cannedReplySchema,
  refusals: ["NOT_FOUND", "CONFLICT"],
  run: async ({ db, clock }, actor, { params, body }) => {
    try {
      const [row] = await updateReply(db, tenantWithin(actor), params.canned_reply_id, body, clock.now());
      if (!row) throw new AppError("NOT_FOUND");
      return wireRow(cannedReplySchema, row);
    } catch (error) {
      throw isUniqueViolation(error) ? shortcutTaken(error) : error;
    }
  },
});
