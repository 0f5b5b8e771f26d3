import { wireRow } from "#src/http/wire-row.ts";
import type { ConversationView, MessageView, SentMessage, TurnView } from "#src/objects/conversation-api.ts";
import type { ConversationRow } from "./conversation-repository.ts";
import { conversationSchema, listedConversationSchema, messageSchema, turnSchema } from "./schemas.ts";

export const conversationView = (conversation: ConversationView) => wireRow(conversationSchema, conversation);
export const messageView = (message: MessageView) => wireRow(messageSchema, message);
export const turnView = (turn: TurnView) => wireRow(turnSchema, turn);

export const sentView = ({ message, turn, created, logged }: SentMessage & { logged?: number }) => ({
  created,
  ...(logged === undefined ? {} : { log_seq: logged }),
  message: messageView(message),
  turn: turn && turnView(turn),
});

export const listedView = ({ lastRole, lastPreview, ...row }: ConversationRow) =>
  wireRow(listedConversationSchema, row, {
    last_message: lastRole === null ? null : { role: lastRole, preview: lastPreview ?? "" },
  });
