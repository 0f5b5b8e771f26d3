import { conversationView, messageView } from "../views.ts";
import type { ExportFormat } from "./export-format.ts";

const line = (type: string, fields: object): string => `${JSON.stringify({ type, ...fields })}\n`;

const linesOf =
  (type: string): ExportFormat["messages"] =>
  ({ id }, page) =>
    page.map((message) => line(type, { conversation_id: id, ...messageView(message) })).join("");

/** A line for each conversation and each of its messages; the last one says that nothing is missing behind it. */
export const ndjsonFormat: ExportFormat = {
  contentType: "application/x-ndjson",
  extension: "ndjson",
  head: "",
  between: "",
  begin: (conversation) => line("conversation", conversationView(conversation)),
  messages: linesOf("message"),
  beginNotes: "",
  notes: linesOf("note"),
  end: "",
  foot: ({ count, missing }) => line("end", { count, missing, complete: true }),
};
