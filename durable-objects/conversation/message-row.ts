import { messageTypeOf } from "#src/conversations/index.ts";
import type { MessageRole, MessageStatus } from "#src/kernel/chat-words.ts";
import type { MessageView } from "#src/objects/conversation-api.ts";
import { feedbackSchema } from "#src/objects/conversation-staff-api.ts";
import { answerPartSchema, turnUsageSchema } from "#src/objects/turn-contract.ts";
import { readAttachments } from "./attachment-rows.ts";

/** A message as its table has it. */
export type MessageRow = {
  seq: number;
  id: string;
  digest: string | null;
  parent_id: string | null;
  depth: number;
  on_path: number;
  role: MessageRole;
  sender_id: string;
  content: string;
  parts: string | null;
  attachments: string | null;
  status: MessageStatus;
  wants_reply: number;
  turn_id: string | null;
  model: string | null;
  usage: string | null;
  error: string | null;
  earlier: string | null;
  feedback: string | null;
  edited_at: number | null;
  created_at: number;
  updated_at: number;
};

/** A message as it is told. */
export function viewOf(row: MessageRow): MessageView {
  const attachments = readAttachments(row.attachments);
  return {
    seq: row.seq,
    id: row.id,
    parentId: row.parent_id,
    depth: row.depth,
    onPath: row.on_path === 1,
    role: row.role,
    messageType: messageTypeOf({ role: row.role, attachments }),
    senderId: row.sender_id,
    content: row.content,
    parts: row.parts === null ? [] : answerPartSchema.array().parse(JSON.parse(row.parts)),
    attachments,
    status: row.status,
    turnId: row.turn_id,
    model: row.model,
    usage: row.usage === null ? null : turnUsageSchema.parse(JSON.parse(row.usage)),
    error: row.error,
    feedback: row.feedback === null ? null : feedbackSchema.parse(JSON.parse(row.feedback)),
    editedAt: row.edited_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
