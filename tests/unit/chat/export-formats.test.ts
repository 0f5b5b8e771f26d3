import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, it } from "vitest";
import { z } from "zod";
import { exportFormatsByName } from "#src/chat/export/export-formats.ts";
import { type Exportable, exportedConversation } from "#src/chat/export/exported-conversation.ts";
import { exportedConversationsSchema } from "#src/chat/export/schemas.ts";
import { writtenExport } from "#src/chat/export/written-export.ts";
import { refusal, success } from "#src/kernel/outcome.ts";
import type { ConversationView, MessageView } from "#src/objects/conversation-api.ts";

const uuid = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;

const conversation = (id: string, title: string | null): ConversationView => ({
  id,
  ownerId: uuid(900),
  ownerKind: "user",
  instanceId: uuid(901),
  projectId: null,
  title,
  metadata: {},
  status: "active",
  holder: "persona",
  adminId: null,
  holderEpoch: 1,
  activeLeaf: null,
  lastSeq: 1,
  startedAt: 0,
  lastMessageAt: 0,
  endedAt: null,
  satisfaction: null,
  revision: 1,
});

const message = (seq: number, content: string): MessageView => ({
  seq,
  id: uuid(seq),
  parentId: null,
  depth: 0,
  onPath: true,
  role: seq % 2 === 1 ? "user" : "assistant",
  messageType: "text",
  senderId: uuid(900),
  content,
  parts: [],
  attachments: [],
  status: "complete",
  turnId: null,
  model: null,
  usage: null,
  feedback: null,
  error: null,
  editedAt: null,
  createdAt: 0,
  updatedAt: 0,
});

/** An export of one conversation, and of one that is not there. */
async function written(
  name: keyof typeof exportFormatsByName,
  texts: readonly string[],
  title: string | null = null,
  { notes = [], ids = [uuid(1), uuid(2), uuid(1)] }: { notes?: string[]; ids?: string[] } = {},
) {
  const messages = texts.map((text, place) => message(place + 1, text));
  const held = notes.map((text, place) => ({ ...message(place + 1, text), role: "note" as const }));
  const format = exportFormatsByName[name];
  const of = (id: string): Exportable => ({
    view: async () => (id === uuid(2) ? refusal("NOT_FOUND") : success(conversation(id, title))),
    listMessages: async ({ after = 0, limit }) =>
      success({
        messages: messages.slice(after, after + limit),
        lastSeq: messages.length,
        hasMore: after + limit < messages.length,
      }),
    listNotes: async ({ after = 0, limit }) => {
      const page = held.slice(after, after + limit);
      return success({ notes: page, last: after + page.length, hasMore: after + limit < held.length });
    },
  });
  const pieces = writtenExport(
    (id) => exportedConversation(of(id), { branch: "active", withNotes: notes.length > 0 }, format),
    ids,
    format,
  );
  let text = "";
  for await (const piece of pieces) text += new TextDecoder().decode(piece);
  return text;
}

const manyTexts = fc.array(fc.string({ unit: "grapheme", maxLength: 40 }), { maxLength: 130 });

it("JSON is one document, whole to its last word, whatever was said", async () => {
  await fc.assert(
    fc.asyncProperty(manyTexts, async (texts) => {
      const { conversations, ...rest } = exportedConversationsSchema.parse(
        JSON.parse(await written("json", texts)),
      );
      expect(conversations.map(({ messages }) => messages.map(({ content }) => content))).toEqual([texts]);
      expect(rest).toEqual({ count: 1, missing: [uuid(2)], complete: true });
    }),
    { numRuns: 30 },
  );
});

it("Notes stand behind the messages of their conversation, where they are wanted", async () => {
  const notes = Array.from({ length: 201 }, (_, place) => `note ${place}`);
  const ids = [uuid(1), uuid(2), uuid(3)];
  const json = exportedConversationsSchema.parse(
    JSON.parse(await written("json", ["a"], null, { notes, ids })),
  );
  expect(json.conversations.map((each) => each.notes?.map(({ content }) => content))).toEqual([notes, notes]);
  const lines = (await written("ndjson", ["a"], null, { notes: ["n"], ids })).trimEnd().split("\n");
  expect(lines.map((line) => z.object({ type: z.string() }).parse(JSON.parse(line)).type)).toEqual([
    "conversation",
    "message",
    "note",
    "conversation",
    "message",
    "note",
    "end",
  ]);
  const rows = parse(await written("csv", ["a"], null, { notes: ["=n"] }), { columns: true });
  expect(rows).toMatchObject([{ role: "user" }, { role: "note", content: "'=n" }]);
  expect(await written("markdown", ["a"], null, { notes: ["# n"] })).toContain(
    "## Note, 1970-01-01T00:00:00.000Z\n\n> # n",
  );
});

it("NDJSON is a line for each thing, and one that says that nothing is missing behind it", async () => {
  const lines = (await written("ndjson", ["a\nb", "c"])).trimEnd().split("\n");
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
    { type: "conversation", id: uuid(1) },
    { type: "message", conversation_id: uuid(1), content: "a\nb" },
    { type: "message", content: "c" },
    { type: "end", count: 1, missing: [uuid(2)], complete: true },
  ]);
});

it("CSV is a row for each message, and none of its cells a formula", async () => {
  const rows = parse(await written("csv", ["=1+1", 'said "tea",\nand left', "@SUM(A1)"]), { columns: true });
  expect(rows).toMatchObject([
    { conversation_id: uuid(1), seq: "1", role: "user", content: "'=1+1" },
    { content: 'said "tea",\nand left' },
    { content: "'@SUM(A1)" },
  ]);
});

it("In Markdown no text opens a heading, a speaker or markup, whatever was said or it is called", async () => {
  const hostile = fc.oneof(
    fc.constantFrom(
      "# Persona",
      "\r## Persona, 2026",
      "a\n\n## Staff\n\nb",
      "<script>",
      "Persona\n===",
      "\u2028# x",
    ),
    fc.string({ unit: "grapheme", maxLength: 40 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(hostile, { minLength: 1, maxLength: 5 }), hostile, async (texts, title) => {
      const lines = (await written("markdown", texts, title)).split(/\r\n|[\r\n\u2028\u2029]/);
      expect(lines.filter((line) => /^#/.test(line))).toHaveLength(1 + texts.length);
      const others = lines.filter((line) => !/^(?:#|>|$)/.test(line));
      expect(others).toEqual([
        expect.stringContaining(uuid(1)),
        "---",
        "Complete: 1 conversations.",
        expect.any(String),
      ]);
      expect(lines.join("\n")).not.toContain("<");
    }),
    { numRuns: 50 },
  );
});
