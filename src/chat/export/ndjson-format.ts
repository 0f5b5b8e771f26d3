import { conversationView, messageView } from "../views.ts";
import type { ExportFormat } from "./export-format.ts";

const line = (type: string, fields: object): string => `${JSON.stringify({ type, ...fields })}\n`;

/** A line for each conversation and each of its messages; the last one says that nothing is missing behind it. */
export const ndjsonFormat: ExportFormat = {
  contentType: "application/x-ndjson",
  extension: "ndjson",
  head: "",
  begin: (conversation) => line("conversation", conversationView(conversation)),
  messages: ({ id }, page) =>
    page.map((message) => line("message", { conversation_id: id, ...messageView(message) })).join(""),
  end: () => "",
  foot: ({ count, missing }) => line("end", { count, missing, complete: true }),
};
