import { wireRow } from "#src/http/wire-row.ts";
import type { ConversationView, MessageView, SentMessage, TurnView } from "#src/objects/conversation-api.ts";
import type { MarkView } from "#src/objects/moderation-contract.ts";
import type { ConversationRow } from "./conversation-repository.ts";
import { listedConversationSchema, tenantListedConversationSchema } from "./listed-schemas.ts";
import { conversationSchema, markSchema, messageSchema, tenantMessageSchema, turnSchema } from "./schemas.ts";

export const conversationView = (conversation: ConversationView) => wireRow(conversationSchema, conversation);
export const messageView = (message: MessageView) => wireRow(messageSchema, message);
export const turnView = (turn: TurnView) => wireRow(turnSchema, turn);

export const sentView = ({ message, turn, created, logged }: SentMessage & { logged?: number }) => ({
  created,
  ...(logged === undefined ? {} : { log_seq: logged }),
  message: messageView(message),
  turn: turn && turnView(turn),
});

const lastMessage = ({ lastRole, lastPreview }: ConversationRow) => ({
  last_message: lastRole === null ? null : { role: lastRole, preview: lastPreview ?? "" },
});

/** Of what somebody has muted they are not told that there is something unread. */
export const listedView = (row: ConversationRow) =>
  wireRow(listedConversationSchema, row, { ...lastMessage(row), unread: row.muted ? 0 : row.unread });

export const tenantListedView = (row: ConversationRow) =>
  wireRow(tenantListedConversationSchema, row, lastMessage(row));

/** A message as the staff sees it, with the mark of a rule's where it has one. */
export const tenantMessageView = (message: MessageView, marks: readonly MarkView[] = []) => {
  const mark = marks.find(({ messageId }) => messageId === message.id);
  return wireRow(tenantMessageSchema, message, { moderation: mark ? wireRow(markSchema, mark) : null });
};
