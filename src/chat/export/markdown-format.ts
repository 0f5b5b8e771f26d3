import type { MessageRole } from "#src/kernel/chat-words.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { ExportFormat } from "./export-format.ts";

const speakers: Readonly<Record<MessageRole, string>> = {
  user: "Person",
  assistant: "Persona",
  agent: "Staff",
  system: "Conversation",
  note: "Note",
};

/** Letters as they are; nothing is read as markup. */
const asText = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const onOneLine = (text: string): string =>
  asText(text)
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\\`*_[\]#|~]/g, String.raw`\$&`);

/** What somebody has said, as a quotation: none of its lines opens a heading, or another speaker. */
const quotation = (text: string): string =>
  asText(text)
    .split(/\r\n|[\r\n\u2028\u2029]/)
    .map((line) => `> ${line}`.trimEnd())
    .join("\n");

const quoted: ExportFormat["messages"] = (_, page) =>
  page
    .map(({ role, content, attachments, createdAt }) => {
      const files = attachments.map(({ name }) => `- ${onOneLine(name)}\n`).join("");
      return `## ${speakers[role]}, ${isoTime(createdAt)}\n\n${quotation(content)}\n\n${files && `${files}\n`}`;
    })
    .join("");

/** One text: a heading for each conversation, and one for each message. */
export const markdownFormat: ExportFormat = {
  contentType: "text/markdown; charset=utf-8",
  extension: "md",
  head: "",
  between: "",
  begin: ({ id, title, startedAt }) =>
    `# ${title === null ? id : onOneLine(title)}\n\n${id}, ${isoTime(startedAt)}\n\n`,
  messages: quoted,
  beginNotes: "",
  notes: quoted,
  end: "",
  foot: ({ count, missing }) =>
    [`---\n\nComplete: ${count} conversations.\n`, ...missing.map((id) => `- Not there: ${id}\n`)].join(""),
};
