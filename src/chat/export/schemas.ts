import { z } from "@hono/zod-openapi";
import { periodEnd, periodStart } from "#src/http/moments.ts";
import { clientIdSchema } from "#src/identity/index.ts";
import { conversationStatuses } from "#src/kernel/chat-words.ts";
import { holderKinds } from "../conversation-repository.ts";
import { conversationSchema, messageSchema } from "../schemas.ts";

export const exportFormats = ["json", "ndjson", "csv", "markdown"] as const;
export type ExportFormatName = (typeof exportFormats)[number];

/** Conversations of one export. */
export const maxExported = 100;

const filtersSchema = z
  .strictObject({
    user_id: z.uuid().openapi({ description: "Their owner" }),
    instance_id: z.uuid(),
    admin_id: z.uuid().openapi({ description: "To whom of the staff they are assigned" }),
    status: z.enum(conversationStatuses),
    holder: z.enum(holderKinds).openapi({ description: "Who answers in them" }),
    start_date: periodStart,
    end_date: periodEnd,
  })
  .partial();

export const exportConversationsSchema = z
  .strictObject({
    client_id: clientIdSchema.optional(),
    conversation_ids: z.array(z.uuid()).min(1).max(maxExported).optional().openapi({
      description: "Which conversations; those that are not there are named in `missing`",
    }),
    filters: filtersSchema.optional().openapi({ description: "Which conversations, in place of their ids" }),
    format: z.enum(exportFormats),
    branch: z.enum(["active", "all"]).default("active").openapi({
      description: "`active`: the branch that goes on; `all`: also what was edited or answered anew",
    }),
  })
  .refine(({ conversation_ids, filters }) => (conversation_ids === undefined) !== (filters === undefined), {
    path: ["conversation_ids"],
    message: "Either `conversation_ids` or `filters`",
  })
  .openapi("ExportConversations", { example: { filters: { status: "ended" }, format: "json" } });
export type ExportConversations = z.infer<typeof exportConversationsSchema>;

const missing = z.array(z.uuid()).openapi({ description: "Ids of conversations that are not there" });

/** What an export as JSON is. */
export const exportedConversationsSchema = z
  .object({
    conversations: z.array(
      conversationSchema.extend({
        messages: z.array(messageSchema).openapi({ description: "The oldest first" }),
      }),
    ),
    count: z.number().int(),
    missing,
    complete: z.literal(true).openapi({ description: "The last word of a whole file" }),
  })
  .openapi("ExportedConversations");
