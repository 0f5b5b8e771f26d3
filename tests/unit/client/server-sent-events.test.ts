import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type ServerSentEvent, serverSentEvents } from "#client/server-sent-events.ts";

/** A stream that gives bytes in these pieces. */
const streamOf = (pieces: readonly Uint8Array<ArrayBuffer>[]) =>
  new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });

const read = async (pieces: readonly Uint8Array<ArrayBuffer>[]): Promise<ServerSentEvent[]> => {
  const all: ServerSentEvent[] = [];
  for await (const event of serverSentEvents(streamOf(pieces))) all.push(event);
  return all;
};

const bytes = (text: string) => Uint8Array.from(new TextEncoder().encode(text));

const line = fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => text.replaceAll(/[\r\n]/g, "-"));
const message = fc.record({
  event: fc.constantFrom("a", "execution.delta"),
  data: fc.array(line, { minLength: 1, maxLength: 3 }),
});

afterEach(() => {
  vi.useRealTimers();
});

describe("Server-sent events", () => {
  it("end where nothing comes any more, not even a sign that somebody is there", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let say = (_: string) => {};
    const silent = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        say = (text) => controller.enqueue(bytes(text));
      },
    });
    const heard: string[] = [];
    let hasEnded = false;
    const reading = (async () => {
      for await (const { data } of serverSentEvents(silent)) heard.push(data);
      hasEnded = true;
    })();
    for (let beat = 0; beat < 3; beat++) {
      say(": heartbeat\n\n");
      await vi.advanceTimersByTimeAsync(40_000);
    }
    expect([heard, hasEnded]).toEqual([["", "", ""], false]);
    await vi.advanceTimersByTimeAsync(6000);
    await reading;
  });

  it("are the same however the bytes are cut and lines are ended", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(message, { maxLength: 5 }),
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
        async (messages, end, sizes) => {
          const text = messages
            .map(({ event, data }, index) =>
              [`id: ${index}`, `event: ${event}`, ...data.map((one) => `data: ${one}`), "", ""].join(end),
            )
            .join("");
          const all = bytes(text);
          const pieces: Uint8Array<ArrayBuffer>[] = [];
          for (let at = 0; at < all.length; ) {
            const size = sizes.next().value ?? 1;
            pieces.push(all.slice(at, at + size));
            at += size;
          }
          expect(await read(pieces)).toEqual(
            messages.map(({ event, data }, index) => ({ id: String(index), event, data: data.join("\n") })),
          );
        },
      ),
      { numRuns: 200 },
    ));

  it("may be a comment with a number, which is remembered", async () => {
    const told = await read([bytes(": heartbeat\nid: 7\n\nevent: a\ndata: x\n\n")]);
    expect(told).toEqual([
      { id: "7", event: "message", data: "" },
      { id: "7", event: "a", data: "x" },
    ]);
  });

  it("that the stream ends in the middle of are none", async () => {
    expect(await read([bytes("event: a\ndata: x\n")])).toEqual([]);
  });
});
