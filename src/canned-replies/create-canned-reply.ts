import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { isUniqueViolation } from "#src/db/unique-violation.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { insertReply } from "./canned-reply-repository.ts";
import { cannedReplySchema, newCannedReplySchema } from "./schemas.ts";

/** The refusal for a shortcut that another reply of the tenant has. */
export const shortcutTaken = (cause: unknown): AppError =>
  new AppError("CONFLICT", { message: "Another reply has this shortcut", cause });

export const createCannedReply = operation({
  name: "createCannedReply",
  summary: "Have a reply ready",
  description: "At most 1 000 in a tenant.",
  input: z.object({ body: newCannedReplySchema }),
  output: cannedReplySchema,
  refusals: ["CONFLICT", "QUOTA_EXCEEDED"],
  run: async ({ db, clock }, { clientId, userId: createdBy }, { body }) => {
    const now = clock.now();
    const row = { id: uuidv7({ msecs: now }), clientId, ...body, createdBy, createdAt: now, updatedAt: now };
    try {
      if (!(await insertReply(db, row)))
        throw new AppError("QUOTA_EXCEEDED", { details: { resource: "canned replies" } });
    } catch (error) {
      throw isUniqueViolation(error) ? shortcutTaken(error) : error;
    }
    return wireRow(cannedReplySchema, row);
  },
});
