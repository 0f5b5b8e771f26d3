import { stringify } from "csv-stringify/sync";
import { neutraliseFormula } from "#src/exports/index.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { ConversationView, MessageView } from "#src/objects/conversation-api.ts";
import type { ExportFormat } from "./export-format.ts";

type Cell = (message: MessageView, conversation: ConversationView) => string;

const columns: Readonly<Record<string, Cell>> = {
  conversation_id: (_, { id }) => id,
  seq: ({ seq }) => String(seq),
  message_id: ({ id }) => id,
  parent_id: ({ parentId }) => parentId ?? "",
  role: ({ role }) => role,
  sender_id: ({ senderId }) => senderId,
  status: ({ status }) => status,
  content: ({ content }) => content,
  attachments: ({ attachments }) => attachments.map(({ name }) => name).join("; "),
  created_at: ({ createdAt }) => isoTime(createdAt),
};

const rows = (records: readonly (readonly string[])[]): string =>
  stringify([...records], { record_delimiter: "windows" });

const rowsOf: ExportFormat["messages"] = (conversation, page) =>
  rows(
    page.map((message) =>
      Object.values(columns).map((cell) => neutraliseFormula(cell(message, conversation))),
    ),
  );

/** A row for each message; a spreadsheet runs nothing of it. */
export const csvFormat: ExportFormat = {
  contentType: "text/csv; charset=utf-8",
  extension: "csv",
  head: rows([Object.keys(columns)]),
  between: "",
  begin: () => "",
  messages: rowsOf,
  beginNotes: "",
  notes: rowsOf,
  end: "",
  foot: () => "",
};
