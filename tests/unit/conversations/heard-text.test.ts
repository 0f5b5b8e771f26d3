import { evictDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { openingHeader } from "#src/realtime/index.ts";
import {
  ask,
  closing,
  newConversation,
  newPlace,
  objectAt,
  owner,
  send,
} from "../../support/conversations.ts";

interface Told {
  event?: string;
  id?: string;
  seq?: number;
  data?: { attempt?: number; offset?: number; text?: string; text_length?: number; sha256?: string };
}

/** A client that keeps to the rule of the documents: a delta counts only where one's text ends. */
class Reader {
  readonly numbers: number[] = [];
  text = "";
  #attempt = 0;
  ending: { text_length?: number; sha256?: string } | undefined;

  hear({ event, seq, data = {} }: Told): void {
    if (seq !== undefined) this.numbers.push(seq);
    const { attempt = 0, offset = 0, text = "" } = data;
    if (event === "message.snapshot" || event === "message.reset") {
      this.#attempt = attempt;
      this.text = text;
    }
    if (event === "message.delta" && attempt === this.#attempt && offset <= this.text.length)
      this.text += text.slice(this.text.length - offset);
    if (event === "message.completed") this.ending = data;
  }
}

async function listen(place: ReturnType<typeof newPlace>, since?: number): Promise<Reader> {
  const { webSocket } = await objectAt(place).fetch("https://conversation/", {
    headers: { upgrade: "websocket", [openingHeader]: JSON.stringify({ personId: owner, since }) },
  });
  if (!webSocket) throw new Error("There is no place");
  const reader = new Reader();
  webSocket.addEventListener("message", ({ data }) => {
    const told: Told = JSON.parse(String(data));
    if (told.event === "connection.ping")
      webSocket.send(JSON.stringify({ type: "command", event: "pong", id: told.id }));
    reader.hear(told);
  });
  webSocket.accept();
  return reader;
}

const sha256Of = async (text: string) =>
  [...new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");

/** Each has all of the answer, and what it was told of it is true. */
async function expectWhole(readers: readonly Reader[], text: string): Promise<void> {
  await expect.poll(() => readers.every(({ ending }) => ending !== undefined)).toBe(true);
  const ending = { text_length: text.length, sha256: await sha256Of(text) };
  for (const reader of readers) expect([reader.text, reader.ending]).toMatchObject([text, ending]);
}

/** What happens while an answer is written; somebody comes in the same moment, or nobody does. */
const moments = fc.array(
  fc.record({
    what: fc.constantFrom("write", "write", "again", "anew", "evict"),
    length: fc.integer({ min: 1, max: 9 }),
    comes: fc.boolean(),
  }),
  { minLength: 1, maxLength: 10 },
);

it("The text of each who hears an answer is the text that is stored, wherever it was cut, told again or begun anew, and whenever they came", async () => {
  const digits = "0123456789".repeat(20);
  await fc.assert(
    fc.asyncProperty(moments, async (all) => {
      const place = newPlace();
      const conversation = await newConversation({}, place);
      const readers = [await listen(place)];
      const key = await ask(conversation, "Digits?");
      let attempt = 1;
      let at = 0;
      const write = async (offset: number, length: number) => {
        const delta = { ...key, attempt, offset, text: digits.slice(offset, at + length) };
        const answer = await conversation.writeDelta(delta);
        if (answer.ok) at = answer.have;
      };
      for (const { what, length, comes } of all) {
        const coming = comes ? listen(place) : undefined;
        if (what === "evict") await evictDurableObject(objectAt(place));
        if (what === "anew") {
          attempt++;
          at = 0;
        }
        await write(what === "again" ? Math.max(0, at - length) : at, length);
        if (coming) readers.push(await coming);
      }
      await conversation.closeTurn(closing(key, digits, attempt));
      await expectWhole(readers, digits);
    }),
    { numRuns: 20 },
  );
}, 60_000);

it("Who comes in the middle of whatever happens misses nothing of it: each entry is told once, in order", async () => {
  const place = newPlace();
  const conversation = await newConversation({}, place);
  const key = await ask(conversation, "Which tea?");
  const delta = (attempt: number, offset: number, text: string) => () =>
    conversation.writeDelta({ ...key, attempt, offset, text });
  const steps: (() => Promise<unknown>)[] = [
    delta(1, 0, "Gre"),
    () => send(conversation, "Or coffee?"),
    delta(1, 3, "en"),
    delta(2, 0, "Bl"),
    () => send(conversation, "Or water?", { wantsReply: false }),
    delta(2, 2, "ack"),
    () => conversation.closeTurn(closing(key, "Black tea", 2)),
  ];
  const readers: Reader[] = [];
  for (const step of steps) {
    const [before, , after] = await Promise.all([listen(place, 0), step(), listen(place, 0)]);
    readers.push(before, after);
  }
  // All that is told is written by now.
  const all = valueOrThrow(await conversation.readLog(0, 1000)).entries.map(({ seq }) => seq);
  expect(all).toEqual(all.map((_, index) => index + 1));
  for (const reader of readers) await expect.poll(() => reader.numbers).toEqual(all);
  // The next turn has begun: what they read of the first is what was stored.
  for (const { ending } of readers) expect(ending?.sha256).toBe(await sha256Of("Black tea"));
});
