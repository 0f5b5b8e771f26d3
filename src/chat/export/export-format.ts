import type { ConversationView, MessageView } from "#src/objects/conversation-api.ts";

/** How a file of conversations is written, piece by piece. What is written of one does not depend on the others. */
export interface ExportFormat {
  contentType: string;
  /** The end of the file's name. */
  extension: string;
  head: string;
  /** Between two conversations. */
  between: string;
  /** Before a conversation's messages. */
  begin(conversation: ConversationView): string;
  /** A page of its messages, the oldest first; `before` of them stand before it. */
  messages(conversation: ConversationView, page: readonly MessageView[], before: number): string;
  /** Before what the staff has noted, where that is wanted: behind all of its messages. */
  beginNotes: string;
  /** A page of notes, as of messages. */
  notes: ExportFormat["messages"];
  end: string;
  /** The last words of a whole file. */
  foot(whole: { count: number; missing: readonly string[] }): string;
}
