import { z } from "@hono/zod-openapi";
import { exportBranches, exportFormats, exportStatuses } from "#src/db/schema/index.ts";
import { periodEnd, periodStart } from "#src/http/moments.ts";
import { clientIdSchema } from "#src/identity/index.ts";
import { conversationStatuses } from "#src/kernel/chat-words.ts";
import { holderKinds } from "../conversation-repository.ts";
import { conversationSchema, messageSchema } from "../schemas.ts";

export type ExportFormatName = (typeof exportFormats)[number];

const time = z.iso.datetime();

/** Conversations of an export that is written while it is sent; one of more is gathered first. */
export const maxStreamed = 100;
/** Conversations of one export. */
export const maxExported = 1000;

const conversationIds = z.array(z.uuid()).min(1).max(maxExported).optional();

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

interface Which {
  conversation_ids?: readonly string[];
  conversationIds?: readonly string[];
  filters?: object;
}

const whichOf = ({ conversation_ids, conversationIds: older, filters }: Which) =>
  [conversation_ids, older, filters].filter((which) => which !== undefined);

export const exportConversationsSchema = z
  .strictObject({
    client_id: clientIdSchema.optional(),
    conversation_ids: conversationIds.openapi({
      description: "Which conversations; those that are not there are named in `missing`",
    }),
    conversationIds: conversationIds.openapi({ description: "Another spelling of `conversation_ids`" }),
    filters: filtersSchema.optional().openapi({ description: "Which conversations, in place of their ids" }),
    format: z.enum(exportFormats),
    branch: z.enum(exportBranches).default("active").openapi({
      description: "`active`: the branch that goes on; `all`: also what was edited or answered anew",
    }),
    include_notes: z.boolean().default(false).openapi({
      description: "Whether what the staff has noted is in it, behind the messages of each conversation",
    }),
    include_attachments: z.boolean().default(false).openapi({
      description:
        "Whether what came with the messages is in it: the file is an archive then, with one Markdown file for each conversation",
    }),
  })
  .refine((asked) => whichOf(asked).length === 1, {
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
        notes: z.array(messageSchema).optional().openapi({
          description: "What the staff has noted, the oldest first: where it was asked for",
        }),
      }),
    ),
    count: z.number().int(),
    missing,
    complete: z.literal(true).openapi({ description: "The last word of a whole file" }),
  })
  .openapi("ExportedConversations");

/** How far an export is that is gathered. */
export const exportJobSchema = z
  .object({
    id: z.uuid(),
    client_id: clientIdSchema,
    status: z.enum(exportStatuses),
    format: z.enum(exportFormats),
    branch: z.enum(exportBranches),
    include_notes: z.boolean().openapi({ description: "Whether what the staff has noted is in it" }),
    include_attachments: z.boolean().openapi({ description: "Whether what came with the messages is in it" }),
    conversations: z.number().int().openapi({ description: "How many were asked for" }),
    progress: z.number().min(0).max(1).openapi({ description: "Which part of them is gathered" }),
    url: z.string().nullable().openapi({
      description: "Where its file is, once it has been completed",
      example: "/api/v1/admin/exports/0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c/file",
    }),
    created_at: time,
    completed_at: time.nullable(),
    expires_at: time.nullable().openapi({ description: "When its file goes, a day after it was completed" }),
  })
  .openapi("ConversationExport");
export type ExportJobView = z.infer<typeof exportJobSchema>;
