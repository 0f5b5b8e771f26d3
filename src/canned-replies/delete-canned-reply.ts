import { z } from "@hono/zod-openapi";
import { tenantWithin } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { deleteReply } from "./canned-reply-repository.ts";
import { cannedReplyParams } from "./schemas.ts";

export const deleteCannedReply = operation({
  name: "deleteCannedReply",
  summary: "Delete a reply; what was written with it stays",
  input: z.object({ params: cannedReplyParams }),
  output: z.object({}),
  refusals: ["NOT_FOUND"],
  run: async ({ db }, actor, { params }) => {
    if (!(await deleteReply(db, tenantWithin(actor), params.canned_reply_id)))
      throw new AppError("NOT_FOUND");
    return {};
  },
});
