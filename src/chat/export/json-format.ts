import { conversationView, messageView } from "../views.ts";
import type { ExportFormat } from "./export-format.ts";

const listed: ExportFormat["messages"] = (_, page, before) =>
  page
    .map((message, place) => `${before + place > 0 ? "," : ""}\n${JSON.stringify(messageView(message))}`)
    .join("");

/** One document; only a whole one can be read as JSON, and says so. */
export const jsonFormat: ExportFormat = {
  contentType: "application/json",
  extension: "json",
  head: '{"conversations":[',
  between: ",",
  begin: (conversation) =>
    `\n${JSON.stringify(conversationView(conversation)).replace(/\}$/, "")},"messages":[`,
  messages: listed,
  beginNotes: '],"notes":[',
  notes: listed,
  end: "]}",
  foot: ({ count, missing }) =>
    `\n],"count":${count},"missing":${JSON.stringify(missing)},"complete":true}\n`,
};
