import { conversationView, messageView } from "../views.ts";
import type { ExportFormat } from "./export-format.ts";

/** One document; only a whole one can be read as JSON, and says so. */
export const jsonFormat: ExportFormat = {
  contentType: "application/json",
  extension: "json",
  head: '{"conversations":[',
  begin: (conversation, before) => {
    const fields = JSON.stringify(conversationView(conversation)).replace(/\}$/, "");
    return `${before > 0 ? "," : ""}\n${fields},"messages":[`;
  },
  messages: (_, page, before) =>
    page
      .map((message, place) => `${before + place > 0 ? "," : ""}\n${JSON.stringify(messageView(message))}`)
      .join(""),
  end: () => "]}",
  foot: ({ count, missing }) =>
    `\n],"count":${count},"missing":${JSON.stringify(missing)},"complete":true}\n`,
};
