import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { expect, it } from "vitest";
import { AttachmentDesk } from "#durable-objects/conversation/attachment-desk.ts";
import { AttachmentRows, unattachedMs } from "#durable-objects/conversation/attachment-rows.ts";
import { FileKeeper } from "#durable-objects/conversation/file-keeper.ts";
import { TurnOutbox } from "#durable-objects/conversation/turn-outbox.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { attachmentLimits, type NewAttachment } from "#src/objects/attachments-api.ts";
import type { ConversationApi } from "#src/objects/conversation-api.ts";
import { newConversation, newPlace, objectAt, owner } from "../../support/conversations.ts";

const text = (sha: string, more: Partial<NewAttachment> = {}): NewAttachment => ({
  name: "tea.txt",
  type: "text/plain",
  bytes: 3,
  sha256: sha.padStart(64, "0"),
  width: null,
  height: null,
  pages: null,
  uploadedBy: owner,
  ...more,
});

const ready = async (conversation: ConversationApi, sha: string, more?: Partial<NewAttachment>) => {
  const { attachment } = valueOrThrow(await conversation.addAttachment(text(sha, more)));
  return valueOrThrow(await conversation.attachmentStored(attachment.id));
};

const reader = { id: owner, as: "owner" } as const;

const naming = (conversation: ConversationApi, ids: string[], sender = owner) =>
  conversation.send({
    sender: { id: sender, as: "owner" },
    clientMessageId: uuidv7(),
    content: "See",
    attachments: ids,
    wantsReply: false,
  });

it("A message has what its sender has uploaded and what is stored, and nothing else", async () => {
  const conversation = await newConversation();
  const { attachment: pending } = valueOrThrow(await conversation.addAttachment(text("1")));
  const others = await ready(conversation, "2", { uploadedBy: "somebody-else" });
  const own = await ready(conversation, "3");
  for (const id of [pending.id, others.id, uuidv7()])
    expect(await naming(conversation, [own.id, id])).toMatchObject({ code: "VALIDATION_ERROR" });
  const { message } = valueOrThrow(await naming(conversation, [own.id, own.id]));
  expect(message.attachments).toEqual([own]);
  expect(valueOrThrow(await conversation.getMessage(message.id)).attachments).toEqual([own]);
});

it("The same content of a person is one attachment, also of several messages", async () => {
  const conversation = await newConversation();
  const first = await ready(conversation, "1");
  const again = valueOrThrow(await conversation.addAttachment(text("1", { name: "other.txt" })));
  expect(again).toEqual({ attachment: first, isStored: true });
  expect(await naming(conversation, [first.id])).toMatchObject({ ok: true });
  expect(await naming(conversation, [first.id])).toMatchObject({ ok: true });
});

it("A message and a conversation have their bounds", async () => {
  const conversation = await newConversation();
  const half = attachmentLimits.messageBytes / 2;
  const two = [
    await ready(conversation, "1", { bytes: half }),
    await ready(conversation, "2", { bytes: half + 1 }),
  ];
  expect(
    await naming(
      conversation,
      two.map(({ id }) => id),
    ),
  ).toMatchObject({ code: "PAYLOAD_TOO_LARGE" });
  const rest = attachmentLimits.conversationBytes - 2 * half - 1;
  expect(await conversation.addAttachment(text("3", { bytes: rest + 1 }))).toMatchObject({
    code: "PAYLOAD_TOO_LARGE",
    details: { max_bytes: attachmentLimits.conversationBytes },
  });
});

/** The parts that keep files, with the time in the tests' hands. */
const withKeeper = <T>(
  place: ReturnType<typeof newPlace>,
  work: (parts: {
    desk: AttachmentDesk;
    rows: AttachmentRows;
    keeper: FileKeeper;
    outbox: TurnOutbox;
    pass(ms: number): void;
  }) => Promise<T>,
) =>
  runInDurableObject(objectAt(place), (_, { storage }) => {
    let now = Date.now();
    const rows = new AttachmentRows(storage.sql);
    const outbox = new TurnOutbox(storage.sql);
    const keeper = new FileKeeper({
      ...place,
      attachments: rows,
      outbox,
      blobs: env.BLOBS,
      freezer: { removeAll: async () => {} },
      write: (change) => storage.transactionSync(() => change(now)),
    });
    const pass = (ms: number) => {
      now += ms;
    };
    return work({ desk: new AttachmentDesk({ attachments: rows, outbox }), rows, keeper, outbox, pass });
  });

const keyOf = ({ clientId, id }: ReturnType<typeof newPlace>, attachmentId: string) =>
  `attachments/${clientId}/${id}/${attachmentId}`;

it("What no message has a day later is gone, and what one has stays", async () => {
  const place = newPlace();
  const conversation = await newConversation({}, place);
  const [kept, left] = [await ready(conversation, "1"), await ready(conversation, "2")];
  for (const { id } of [kept, left]) await env.BLOBS.put(keyOf(place, id), "tea");
  valueOrThrow(await naming(conversation, [kept.id]));
  await withKeeper(place, async ({ keeper, outbox, pass }) => {
    pass(unattachedMs - 60_000);
    await keeper.sweep();
    expect(await env.BLOBS.head(keyOf(place, left.id))).not.toBeNull();
    pass(120_000);
    await keeper.sweep();
    expect(outbox.due(Number.MAX_SAFE_INTEGER).map(({ kind }) => kind)).not.toContain("sweep");
  });
  expect(await env.BLOBS.head(keyOf(place, left.id))).toBeNull();
  expect(await env.BLOBS.head(keyOf(place, kept.id))).not.toBeNull();
  expect(await conversation.getAttachment(left.id, reader)).toMatchObject({ code: "NOT_FOUND" });
  expect(await conversation.getAttachment(kept.id, reader)).toMatchObject({ ok: true });
});

it("What nobody could read is gone a day later too, and nothing is left to be done", async () => {
  const place = newPlace();
  const conversation = await newConversation({}, place);
  const unread = await ready(conversation, "1");
  await env.BLOBS.put(keyOf(place, unread.id), "tea");
  await withKeeper(place, async ({ desk, keeper, outbox, pass }) => {
    valueOrThrow(desk.read(unread.id, null));
    pass(unattachedMs + 60_000);
    await keeper.sweep();
    expect(outbox.due(Number.MAX_SAFE_INTEGER).map(({ kind }) => kind)).not.toContain("sweep");
  });
  expect(await env.BLOBS.head(keyOf(place, unread.id))).toBeNull();
  expect(await naming(conversation, [unread.id])).toMatchObject({ code: "VALIDATION_ERROR" });
});

it("What an emptied message had is removed, unless another one has it too", async () => {
  const place = newPlace();
  const conversation = await newConversation({}, place);
  const [shared, single] = [await ready(conversation, "1"), await ready(conversation, "2")];
  for (const { id } of [shared, single]) await env.BLOBS.put(keyOf(place, id), "tea");
  const { message } = valueOrThrow(await naming(conversation, [shared.id, single.id]));
  valueOrThrow(await naming(conversation, [shared.id]));
  const caller = { id: owner, as: "owner" } as const;
  const emptied = valueOrThrow(await conversation.remove({ caller, messageId: message.id }));
  expect(emptied.attachments).toEqual([]);
  await expect.poll(() => env.BLOBS.head(keyOf(place, single.id))).toBeNull();
  expect(await env.BLOBS.head(keyOf(place, shared.id))).not.toBeNull();
});

it("What came with a hidden message is for the staff alone, unless another one has it too", async () => {
  const conversation = await newConversation();
  const [shared, single] = [await ready(conversation, "1"), await ready(conversation, "2")];
  const { message } = valueOrThrow(await naming(conversation, [shared.id, single.id]));
  const other = valueOrThrow(await naming(conversation, [shared.id])).message;
  valueOrThrow(await conversation.hide({ messageId: message.id, by: "staff", reason: "Unkind" }));
  expect(await conversation.getAttachment(single.id, reader)).toMatchObject({ code: "NOT_FOUND" });
  expect(await conversation.getAttachment(single.id, { id: "staff", as: "staff" })).toMatchObject({
    ok: true,
  });
  expect(await conversation.getAttachment(shared.id, reader)).toMatchObject({ ok: true });
  // Emptying the other one takes nothing from what is hidden.
  valueOrThrow(await conversation.remove({ caller: reader, messageId: other.id }));
  expect(await conversation.getAttachment(shared.id, { id: "staff", as: "staff" })).toMatchObject({
    ok: true,
  });
  expect(await conversation.getAttachment(shared.id, reader)).toMatchObject({ code: "NOT_FOUND" });
});

it("What is erased leaves no files, also none that were still on their way", async () => {
  const place = newPlace();
  const conversation = await newConversation({}, place);
  const stored = await ready(conversation, "1");
  const { attachment: late } = valueOrThrow(await conversation.addAttachment(text("2")));
  await env.BLOBS.put(keyOf(place, stored.id), "tea");
  valueOrThrow(await conversation.erase());
  await expect.poll(() => env.BLOBS.head(keyOf(place, stored.id))).toBeNull();
  await env.BLOBS.put(keyOf(place, late.id), "tea");
  expect(await conversation.attachmentStored(late.id)).toMatchObject({ code: "NOT_FOUND" });
  await withKeeper(place, async ({ keeper, outbox, pass }) => {
    pass(200_000);
    const [files] = outbox.due(Number.MAX_SAFE_INTEGER).filter(({ kind }) => kind === "files");
    expect(files).toBeDefined();
    if (files) await keeper.removeAll(files);
    expect(outbox.due(Number.MAX_SAFE_INTEGER).map(({ kind }) => kind)).not.toContain("files");
  });
  expect(await env.BLOBS.head(keyOf(place, late.id))).toBeNull();
});

it("A guessed conversation keeps nothing of what it is asked to hold", async () => {
  const place = newPlace();
  const conversation = objectAt(place);
  expect(await conversation.addAttachment(text("1"))).toMatchObject({ code: "NOT_FOUND" });
  expect(await conversation.getAttachment(uuidv7(), reader)).toMatchObject({ code: "NOT_FOUND" });
  const tables = await runInDurableObject(conversation, (_, { storage }) =>
    storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'").toArray(),
  );
  expect(tables).toEqual([]);
  expect(await runDurableObjectAlarm(conversation)).toBe(false);
});
