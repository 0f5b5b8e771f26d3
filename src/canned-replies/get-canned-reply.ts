import { z } from "@hono/zod-openapi";
import { wireRow } from "#src/http/wire-row.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { findReply } from "./canned-reply-repository.ts";
import { cannedReplyParams, cannedReplySchema } from "./schemas.ts";

export const getCannedReply = operation({
  name: "getCannedReply",
  summary: "A reply that the staff has ready",
  input: z.object({ params: cannedReplyParams }),
  output: cannedReplySchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db }, actor, { params }) => {
    const row = await findReply(db, tenantWithin(actor), params.canned_reply_id);
    if (!row) throw new AppError("NOT_FOUND");
    return wireRow(cannedReplySchema, row);
  },
});
