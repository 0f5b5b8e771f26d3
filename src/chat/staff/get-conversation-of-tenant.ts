import { z } from "@hono/zod-openapi";
import { decodeCursor, encodeCursor } from "#src/http/cursor.ts";
import { nextCursorSchema } from "#src/http/page.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { participantKinds } from "#src/kernel/chat-words.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { conversationSchema, messageSchema, tenantMessageSchema, turnSchema } from "../schemas.ts";
import { conversationView, messageView, tenantMessageView, turnView } from "../views.ts";
import { staffConversation, staffInput } from "./staff-conversation.ts";

const participantSchema = z
  .object({
    person_id: z.string(),
    kind: z
      .enum(participantKinds)
      .openapi({ description: "`user`, `visitor`: its owner; `agent`: of the staff" }),
    joined_at: z.iso.datetime(),
    delivered_seq: z.number().int(),
    read_seq: z.number().int(),
    muted: z.boolean().openapi({ description: "Whether they have muted it" }),
  })
  .openapi("Participant");

const query = staffInput.query.extend({
  cursor: z.string().max(512).optional().openapi({ description: "Goes on with earlier messages" }),
});

export const getConversationOfTenant = operation({
  name: "getConversationOfTenant",
  summary: "A conversation as the staff sees it, with its newest messages, notes and turns",
  description: "What stood in hidden messages is shown, and what rules have marked.",
  input: z.object({ ...staffInput, query }),
  output: z
    .object({
      conversation: conversationSchema,
      messages: z
        .array(tenantMessageSchema)
        .openapi({ description: "The newest 50, or the 50 before; the oldest of them first" }),
      next_cursor: nextCursorSchema,
      participants: z.array(participantSchema).openapi({ description: "At most 100, the first first" }),
      notes: z.array(messageSchema).openapi({
        description: "The newest 50 notes of the staff, the oldest of them first",
      }),
      turns: z.array(turnSchema).openapi({ description: "The last ten, the latest first" }),
    })
    .openapi("TenantConversation"),
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, input) => {
    const { conversation, view } = await staffConversation(platform, actor, input);
    const { cursor } = input.query;
    const before = cursor === undefined ? undefined : decodeCursor(cursor, z.number().int().positive());
    const [page, participants, notes, turns] = await Promise.all([
      conversation.listMessages({ limit: 50, branch: "active", withHidden: true, before }),
      conversation.listParticipants(100),
      conversation.listNotes({ limit: 50 }),
      conversation.listTurns(10),
    ]);
    const { messages, hasMore, marks } = valueOrThrow(page);
    const [oldest] = messages;
    return {
      conversation: conversationView(view),
      messages: messages.map((message) => tenantMessageView(message, marks)),
      next_cursor: hasMore && oldest ? encodeCursor(oldest.seq) : null,
      participants: valueOrThrow(participants).map((row) => wireRow(participantSchema, row)),
      notes: valueOrThrow(notes).notes.map(messageView),
      turns: valueOrThrow(turns).map(turnView),
    };
  },
});
