import type { ConversationView, MessageView } from "#src/objects/conversation-api.ts";

/** How a file of conversations is written, piece by piece. */
export interface ExportFormat {
  contentType: string;
  /** The end of the file's name. */
  extension: string;
  head: string;
  /** Before a conversation's messages; `before` of the conversations stand before it. */
  begin(conversation: ConversationView, before: number): string;
  /** A page of its messages, the oldest first; `before` of them stand before it. */
  messages(conversation: ConversationView, page: readonly MessageView[], before: number): string;
  end(conversation: ConversationView): string;
  /** The last words of a whole file. */
  foot(whole: { count: number; missing: readonly string[] }): string;
}
