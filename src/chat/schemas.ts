import { z } from "@hono/zod-openapi";
import { clientMessageIdPattern, fitsMessage, saysSomething } from "#src/conversations/index.ts";
import { jsonBytes } from "#src/engine/limits.ts";
import {
  markStates,
  messageRoles,
  messageStatuses,
  messageTypes,
  moderationActions,
  personKinds,
  ratings,
  sentMessageTypes,
} from "#src/kernel/chat-words.ts";
import { isShallow, jsonObject, tooDeep } from "#src/kernel/json-object.ts";
import { attachmentLimits, attachmentTypes } from "#src/objects/attachments-api.ts";
import { conversationStatusSchema, maxMessageBytes } from "#src/objects/conversation-api.ts";
import { answerPartSchema, turnUsageSchema } from "#src/objects/turn-contract.ts";

/** A schema with a name, or null: with `nullable()` the document would have it that it is both. */
export const orNull = <S extends z.ZodType>(schema: S) => z.union([schema, z.null()]);

const time = z.iso.datetime();
const uuid = z.uuid();

export const conversationParams = z.object({ conversation_id: uuid });
export const messageParams = conversationParams.extend({ message_id: uuid });

/** What somebody writes. */
export const contentSchema = z
  .string()
  .min(1)
  .max(maxMessageBytes)
  .refine(saysSomething, "Nothing that can be seen")
  .refine(fitsMessage, `At most ${maxMessageBytes / 1024} KiB`)
  .openapi({ description: "At most 32 KiB of UTF-8", example: "Which tea keeps me awake?" });

const clientMessageId = z.string().regex(clientMessageIdPattern, "1 to 64 visible ASCII characters").openapi({
  description: "The sender's own word for the message: with the same one it is the same message",
});

const metadata = jsonObject
  .refine(isShallow, tooDeep)
  .refine((value) => jsonBytes(value) <= 4096, "At most 4 KiB")
  .openapi({ description: "Whatever the owner keeps with it; at most 4 KiB" });

const title = z.string().trim().min(1).max(200);

const feedbackSchema = z
  .object({
    rating: z.enum(ratings),
    reason: z.string().nullable(),
    comment: z.string().nullable(),
  })
  .openapi("Feedback");

const satisfactionSchema = z
  .object({
    asked: z.boolean().openapi({ description: "Whether its owner is to be asked how it was" }),
    score: z.number().int().nullable().openapi({ description: "1 to 5; null while nothing is said" }),
    comment: z.string().nullable(),
  })
  .openapi("Satisfaction");

export const conversationSchema = z
  .object({
    id: uuid,
    instance_id: uuid,
    owner_id: z.string(),
    owner_kind: z.enum(personKinds),
    project_id: uuid.nullable().openapi({
      description: "Of its owner's projects the one in which it was begun; it stays where that is deleted",
    }),
    title: z.string().nullable(),
    metadata: z.record(z.string(), z.unknown()),
    status: conversationStatusSchema,
    holder: z.string().openapi({
      description: "Who answers: `persona`, `queue` while it waits for a person, or `user:{id}`",
    }),
    admin_id: z.string().nullable().openapi({ description: "To whom of the staff it is assigned" }),
    holder_epoch: z.number().int().openapi({ description: "Grows with each change of the holder" }),
    active_leaf: z.string().nullable().openapi({ description: "The newest message of the active branch" }),
    last_seq: z.number().int().openapi({ description: "The number of the newest message" }),
    started_at: time,
    last_message_at: time.nullable(),
    ended_at: time.nullable(),
    satisfaction: orNull(satisfactionSchema).openapi({
      description: "Of one that has ended: what its owner says of it",
    }),
    revision: z.number().int(),
  })
  .openapi("Conversation");

export const attachmentSchema = z
  .object({
    id: uuid,
    name: z.string(),
    type: z.enum(attachmentTypes).openapi({ description: "What it was found to be by its content" }),
    bytes: z.number().int(),
    sha256: z.string().openapi({ description: "Of its content, in hexadecimal digits" }),
    width: z.number().int().nullable().openapi({ description: "In pixels, of a picture" }),
    height: z.number().int().nullable().openapi({ description: "In pixels, of a picture" }),
    pages: z.number().int().nullable().openapi({ description: "Of a document, once they are known" }),
  })
  .openapi("Attachment");

export const messageSchema = z
  .object({
    id: uuid,
    seq: z.number().int().openapi({ description: "Its number in the conversation, from 1 without gaps" }),
    parent_id: z.string().nullable().openapi({ description: "The message that it follows" }),
    depth: z.number().int(),
    on_path: z.boolean().openapi({ description: "Whether it is of the active branch" }),
    role: z.enum(messageRoles).openapi({
      description:
        "`user`: the owner; `assistant`: the persona; `agent`: a person of the staff; `system`; `note`: what the staff " +
        "notes for itself",
    }),
    message_type: z.enum(messageTypes).openapi({
      description: "`image` where all that came with it are pictures, `file` where something else did",
    }),
    sender_id: z.string(),
    content: z.string(),
    parts: z.array(answerPartSchema),
    attachments: z.array(attachmentSchema).openapi({ description: "What came with it" }),
    status: z.enum(messageStatuses),
    turn_id: z.string().nullable(),
    model: z.string().nullable(),
    usage: turnUsageSchema.extend({ cached_tokens: z.number().int().min(0) }).nullable(),
    feedback: orNull(feedbackSchema).openapi({ description: "What its owner thinks of it" }),
    error: z.string().nullable().openapi({ description: "Why an answer failed: a code of the catalogue" }),
    edited_at: time.nullable(),
    created_at: time,
    updated_at: time,
  })
  .openapi("Message");

/** What a rule has made of a message. */
export const markSchema = z
  .object({
    action: z.enum(moderationActions),
    rule: z.string().openapi({ description: "The name of the rule that it fits" }),
    state: z.enum(markStates).openapi({ description: "`open` while nobody of the staff has decided" }),
    decided_by: z.string().nullable().openapi({ description: "Who of the staff has decided" }),
    marked_at: time,
    decided_at: time.nullable(),
  })
  .openapi("MessageMark");

/** A message as the staff sees it. */
export const tenantMessageSchema = messageSchema
  .extend({ moderation: orNull(markSchema).openapi({ description: "Where a rule has marked it" }) })
  .openapi("TenantMessage");

export const turnSchema = z
  .object({
    id: uuid,
    answers_to: uuid,
    message_id: uuid.openapi({ description: "The message that the answer goes into" }),
    run_id: z.string().nullable(),
    epoch: z.number().int(),
    status: z.enum(["running", "done", "stopped", "failed", "superseded"]),
    attempt: z.number().int(),
    error: z.string().nullable(),
  })
  .openapi("Turn");

export const sentMessageSchema = z
  .object({
    message: messageSchema,
    turn: orNull(turnSchema).openapi({
      description: "The turn that answers it, where one has begun with it",
    }),
    created: z.boolean().openapi({ description: "False where an earlier call has written it" }),
    log_seq: z.number().int().optional().openapi({
      description: "Where the conversation's log stood then: `…/events?since=` goes on there",
    }),
  })
  .openapi("SentMessage");

export const newConversationSchema = z
  .strictObject({
    instance_id: uuid,
    project_id: uuid.optional().openapi({ description: "A project of one's own" }),
    title: title.optional(),
    metadata: metadata.optional(),
    message: contentSchema
      .optional()
      .openapi({ description: "The first message, which the persona answers" }),
  })
  .openapi("NewConversation");

export const startedConversationSchema = z
  .object({
    conversation: conversationSchema,
    message: orNull(messageSchema).openapi({ description: "The first message, where one was given" }),
    turn: orNull(turnSchema).openapi({ description: "The turn that answers it" }),
  })
  .openapi("StartedConversation");

export const changedConversationSchema = z
  .strictObject({
    title: title.nullable(),
    metadata,
    status: z.enum(["active", "ended"]).openapi({ description: "`ended` ends it; a message reopens it" }),
  })
  .partial()
  .openapi("ChangedConversation");

export const newMessageSchema = z
  .strictObject({
    client_message_id: clientMessageId,
    content: contentSchema,
    message_type: z
      .enum(sentMessageTypes)
      .optional()
      .openapi({
        description:
          "What the sender takes it for: refused where its attachments are not so (`text`: none, `image`: pictures " +
          "only, `file`: others as well). Left out, it follows from them",
      }),
    parent_id: uuid.optional().openapi({
      description: "A message of the active branch that it follows; its newest one when left out",
    }),
    attachments: z.array(uuid).max(attachmentLimits.perMessage).optional().openapi({
      description: "Ids of files that one has uploaded to the conversation; together 20 MB at most",
    }),
    reply: z.boolean().default(true).openapi({ description: "Whether the persona is to answer" }),
  })
  .openapi("NewMessage", { example: { client_message_id: "m-1", content: "Which tea keeps me awake?" } });

export const messageListSchema = z
  .object({
    messages: z.array(messageSchema).openapi({ description: "The oldest first" }),
    last_seq: z.number().int(),
    has_more: z.boolean(),
  })
  .openapi("MessageList");

const seq = z.coerce.number().int().nonnegative().max(1_000_000_000);

export const messageListQuery = z
  .strictObject({
    before: seq.optional().openapi({ description: "Messages with a smaller number" }),
    after: seq.optional().openapi({ description: "Messages with a greater number" }),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    branch: z.enum(["active", "all"]).default("active").openapi({
      description: "`active`: the branch that goes on; `all`: also what was edited or answered anew",
    }),
  })
  .refine(({ before, after }) => before === undefined || after === undefined, {
    path: ["after"],
    message: "Either `before` or `after`",
  });

export const activeBranchSchema = z
  .strictObject({
    leaf_id: uuid,
    if_leaf: uuid
      .optional()
      .openapi({ description: "The end that the caller believes to be the active one" }),
  })
  .openapi("ActiveBranch");

export const compactionSchema = z
  .object({
    compaction_id: z.string().nullable().openapi({
      description: "The summary that is being made; null where too little was said since the last",
    }),
  })
  .openapi("Compaction");
