import type { AttachmentView } from "#src/objects/attachments-api.ts";
import type { ConversationApi, ConversationView, MessageQuery } from "#src/objects/conversation-api.ts";
import type { ExportFormat } from "./export-format.ts";

/** Messages that are read and held at once; fewer where they are long. */
export const exportPageMessages = 200;

export type Exportable = Pick<ConversationApi, "view" | "listMessages" | "listNotes">;

/** What is wanted of each conversation. */
export interface Wanted {
  branch: MessageQuery["branch"];
  withNotes: boolean;
}

/** A conversation as it stands in an export. */
export interface ExportedConversation {
  text: AsyncIterable<Uint8Array>;
  /** What came with its messages, once its text has been read. */
  files(): Promise<readonly AttachmentView[]>;
  /** Whether it was there to its end, once its text has been read. */
  isWhole(): boolean;
}

const encoder = new TextEncoder();

/**
 * A conversation, page by page; the next one is read only when the one before has been taken.
 * @returns undefined where it is not there
 */
export async function exportedConversation(
  conversation: Exportable,
  wanted: Wanted,
  format: ExportFormat,
): Promise<ExportedConversation | undefined> {
  const found = await conversation.view();
  if (!found.ok) return undefined;
  const seen: Seen = { files: new Map(), wasErased: false };
  return {
    text: textOf(conversation, found.value, wanted, format, seen),
    files: async () => [...seen.files.values()],
    isWhole: () => !seen.wasErased,
  };
}

/** What has come to light while a text was read. */
interface Seen {
  files: Map<string, AttachmentView>;
  wasErased: boolean;
}

async function* textOf(
  conversation: Exportable,
  view: ConversationView,
  { branch, withNotes }: Wanted,
  format: ExportFormat,
  seen: Seen,
): AsyncGenerator<Uint8Array, void> {
  yield encoder.encode(format.begin(view));
  let before = 0;
  for (let after = 0, hasMore = true; hasMore; ) {
    const page = await conversation.listMessages({ after, limit: exportPageMessages, branch });
    if (!page.ok) {
      // It was erased meanwhile: there is nothing more of it.
      seen.wasErased = true;
      break;
    }
    const { messages } = page.value;
    for (const file of messages.flatMap(({ attachments }) => attachments)) seen.files.set(file.id, file);
    yield encoder.encode(format.messages(view, messages, before));
    before += messages.length;
    after = messages.at(-1)?.seq ?? after;
    hasMore = page.value.hasMore && messages.length > 0;
  }
  if (withNotes && !seen.wasErased) yield* notesOf(conversation, view, format, seen);
  yield encoder.encode(format.end);
}

async function* notesOf(
  conversation: Exportable,
  view: ConversationView,
  format: ExportFormat,
  seen: Seen,
): AsyncGenerator<Uint8Array, void> {
  yield encoder.encode(format.beginNotes);
  let before = 0;
  for (let after = 0, hasMore = true; hasMore; ) {
    const page = await conversation.listNotes({ after, limit: exportPageMessages });
    seen.wasErased ||= !page.ok;
    if (!page.ok) return;
    yield encoder.encode(format.notes(view, page.value.notes, before));
    before += page.value.notes.length;
    after = page.value.last;
    hasMore = page.value.hasMore;
  }
}
