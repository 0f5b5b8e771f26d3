import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageFields } from "#src/http/page.ts";
import { clientIdSchema } from "#src/identity/index.ts";
import { replyProblem } from "./render-reply.ts";

const shortcut = z
  .string()
  .regex(/^[a-z0-9_-]{1,50}$/, "1 to 50 of a–z, 0–9, _ and -")
  .openapi({ description: "What it is called up by; unique in the tenant", example: "hello" });

const text = z
  .string()
  .trim()
  .min(1)
  .max(8000)
  .superRefine((template, context) => {
    const problem = replyProblem(template);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  })
  .openapi({
    description:
      "Liquid, over `user`, `agent` (`name`, `first_name`, `last_name`) and `conversation` (`id`, `title`)",
    example: "Hello {{ user.first_name }}, I am {{ agent.first_name }}. What may I do for you?",
  });

export const cannedReplySchema = z
  .object({
    id: z.uuid(),
    shortcut: z.string(),
    text: z.string(),
    created_by: z.string().openapi({ description: "Who has made it" }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .openapi("CannedReply");

export const cannedReplyListSchema = z
  .object({ canned_replies: z.array(cannedReplySchema), ...pageFields })
  .openapi("CannedReplyList");

export const cannedReplyParams = z.object({ canned_reply_id: z.uuid() });

export const listQuery = cursorQuery().extend({
  client_id: clientIdSchema.optional(),
  shortcut: shortcut.optional().openapi({ description: "Only the one that is called up by it" }),
});

export const newCannedReplySchema = z.strictObject({ shortcut, text }).openapi("NewCannedReply");
export const changedCannedReplySchema = z
  .strictObject({ shortcut, text })
  .partial()
  .openapi("ChangedCannedReply");
export type ChangedCannedReply = z.infer<typeof changedCannedReplySchema>;
