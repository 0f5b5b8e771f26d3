import type { ConversationApi, ConversationView, MessageQuery } from "#src/objects/conversation-api.ts";
import type { ExportFormat } from "./export-format.ts";

/** Messages that are read and held at once; fewer where they are long. */
export const exportPageMessages = 200;

type Exported = Pick<ConversationApi, "view" | "listMessages">;

interface Wanted {
  ids: readonly string[];
  branch: MessageQuery["branch"];
}

const encoder = new TextEncoder();

/** A file of conversations, page by page; the next one is read only when the one before has been taken. */
export async function* writtenExport(
  conversationOf: (id: string) => Promise<Exported>,
  { ids, branch }: Wanted,
  format: ExportFormat,
): AsyncGenerator<Uint8Array, void> {
  yield encoder.encode(format.head);
  const missing: string[] = [];
  let count = 0;
  for (const id of new Set(ids)) {
    const conversation = await conversationOf(id);
    const found = await conversation.view();
    if (!found.ok) missing.push(id);
    else {
      yield encoder.encode(format.begin(found.value, count));
      yield* pagesOf(conversation, found.value, branch, format);
      yield encoder.encode(format.end(found.value));
      count += 1;
    }
  }
  yield encoder.encode(format.foot({ count, missing }));
}

async function* pagesOf(
  conversation: Exported,
  view: ConversationView,
  branch: Wanted["branch"],
  format: ExportFormat,
): AsyncGenerator<Uint8Array, void> {
  let before = 0;
  let after = 0;
  for (;;) {
    const page = await conversation.listMessages({ after, limit: exportPageMessages, branch });
    // It was erased meanwhile: there is nothing more of it.
    if (!page.ok) return;
    const { messages, hasMore } = page.value;
    yield encoder.encode(format.messages(view, messages, before));
    before += messages.length;
    const last = messages.at(-1);
    if (!last || !hasMore) return;
    after = last.seq;
  }
}
