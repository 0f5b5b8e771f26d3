import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readText } from "#client/read-text.ts";
import { framesFor, withPiece } from "#src/realtime/text/kept-text.ts";
import { TextWriter } from "#src/realtime/text/text-writer.ts";
import { TextWorld } from "./text-world.ts";

const half = "\ud83d";
/** Pieces as a provider cuts them: also through the middle of a character. */
const piece = fc.string({ unit: fc.constantFrom("a", "é", "😀", half, "\ude00", "\n"), maxLength: 12 });
const index = fc.nat(3);

const happening = fc.oneof(
  { weight: 6, arbitrary: piece.map((text) => (world: TextWorld) => world.write(text)) },
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(
        "arrives" as const,
        "lost" as const,
        "answer lost" as const,
        "doubled" as const,
        "late" as const,
      )
      .map((fate) => (world: TextWorld) => world.send(fate)),
  },
  fc.constant((world: TextWorld) => world.arriveLate()),
  fc.constant((world: TextWorld) => world.connect()),
  index.map((one) => (world: TextWorld) => world.reconnect(one)),
  index.map((one) => (world: TextWorld) => world.leave(one)),
  fc.tuple(index, fc.boolean()).map(
    ([one, hasRoom]) =>
      (world: TextWorld) =>
        world.setRoom(one, hasRoom),
  ),
  fc.constant((world: TextWorld) => world.evict()),
  fc.constant((world: TextWorld) => world.restart()),
  fc.boolean().map((isNext) => (world: TextWorld) => world.begin(isNext)),
);

describe("A text that is streamed is the text that is stored", () => {
  it("for every watcher at the end: late, again, without room for a while; for any cut, loss, order, retry, eviction", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        const world = new TextWorld();
        for (const happen of happenings) happen(world);
        world.end();
        for (const { isOpen, read } of world.watchers)
          if (isOpen) expect(read?.text).toBe(world.stored.toWellFormed());
      }),
      { numRuns: 2000 },
    );
  });

  it("and costs one call where nobody watches", () => {
    const world = new TextWorld();
    for (let count = 0; count < 100; count++) {
      world.write("word ");
      world.send("arrives");
    }
    world.end();
    expect(world.calls).toBe(1);
  });
});

describe("What the hub keeps", () => {
  const kept = { attempt: 2, round: 5, text: "abc" };
  it.each([
    ["what goes on", { attempt: 2, round: 5, offset: 3, text: "de" }, "abcde", 5],
    ["what is new in an overlap", { attempt: 2, round: 5, offset: 1, text: "bcd" }, "abcd", 4],
    ["nothing of a repeat", { attempt: 2, round: 5, offset: 0, text: "ab" }, "abc", 3],
    ["nothing behind a gap", { attempt: 2, round: 5, offset: 4, text: "e" }, "abc", 3],
    ["a later writing", { attempt: 2, round: 6, offset: 0, text: "x" }, "x", 1],
    ["a later attempt", { attempt: 3, round: 1, offset: 0, text: "" }, "", 0],
    [
      "nothing of a later one without its beginning",
      { attempt: 3, round: 1, offset: 2, text: "x" },
      "abc",
      0,
    ],
    [
      "nothing of an earlier attempt, which is told that all is well",
      { attempt: 1, round: 9, offset: 0, text: "x" },
      "abc",
      1,
    ],
    ["nothing of an earlier writing", { attempt: 2, round: 4, offset: 3, text: "x" }, "abc", 4],
  ])("is %s", (_, given, text, have) => {
    expect(withPiece(kept, given)).toMatchObject({ kept: { text }, have });
  });

  it("begins with the beginning", () => {
    expect(withPiece(undefined, { attempt: 1, round: 1, offset: 2, text: "c" })).toEqual({
      kept: undefined,
      have: 0,
    });
  });
});

describe("A reader is told", () => {
  const kept = { attempt: 1, round: 1, text: "abc" };
  it.each([
    ["a snapshot first", undefined, [{ kind: "snapshot", attempt: 1, offset: 0, text: "abc" }]],
    [
      "what is new after that",
      { attempt: 1, round: 1, offset: 1 },
      [{ kind: "delta", attempt: 1, offset: 1, text: "bc" }],
    ],
    ["nothing twice", { attempt: 1, round: 1, offset: 3 }, []],
    [
      "that another writing has begun, and that one from its start",
      { attempt: 1, round: 0, offset: 9 },
      [
        { kind: "reset", attempt: 1 },
        { kind: "delta", attempt: 1, offset: 0, text: "abc" },
      ],
    ],
  ])("%s", (_, shown, frames) => {
    expect(framesFor(kept, shown)).toEqual(frames);
  });

  it("a long text in frames of at most 48 KB, none of which cuts a character", () => {
    const text = `a${"😀".repeat(20_000)}`;
    const frames = framesFor({ ...kept, text }, undefined);
    expect(frames.map(({ kind }) => kind)).toEqual(["snapshot", "delta", "delta"]);
    for (const frame of frames) expect("text" in frame && frame.text.isWellFormed()).toBe(true);
    expect(frames.map((frame) => ("text" in frame ? frame.text : "")).join("")).toBe(text);
  });
});

describe("A reader", () => {
  const read = { attempt: 2, text: "abc" };
  it.each([
    [
      "keeps what begins where its text ends",
      { kind: "delta", attempt: 2, offset: 3, text: "d" },
      "abcd",
      false,
    ],
    ["ignores a repeat", { kind: "delta", attempt: 2, offset: 1, text: "bcd" }, "abc", false],
    ["asks when something is missing", { kind: "delta", attempt: 2, offset: 5, text: "f" }, "abc", true],
    ["takes a snapshot for its text", { kind: "snapshot", attempt: 2, offset: 0, text: "x" }, "x", false],
    ["begins anew with the text", { kind: "reset", attempt: 2 }, "", false],
    ["begins anew with another attempt", { kind: "delta", attempt: 3, offset: 0, text: "x" }, "x", false],
    [
      "asks for the beginning of another attempt",
      { kind: "delta", attempt: 3, offset: 2, text: "x" },
      "abc",
      true,
    ],
    ["ignores an earlier attempt", { kind: "snapshot", attempt: 1, offset: 0, text: "x" }, "abc", false],
  ] as const)("%s", (_, frame, text, asks) => {
    expect(readText(read, frame)).toMatchObject({ read: { text }, asks });
  });
});

describe("A writer", () => {
  it("keeps half a character back until the other half comes, or the text ends", () => {
    const writer = new TextWriter(1, 1);
    writer.add(`tea ${half}`);
    const first = writer.next();
    expect(first?.text).toBe("tea ");
    writer.answered({ round: 1 }, { watched: true, have: 4 });
    expect(writer.next()).toBeUndefined();
    writer.end();
    expect(writer.next()).toMatchObject({ offset: 4, text: "\ufffd" });
  });

  it("sends from the start when somebody begins to watch, and again from where the hub says", () => {
    const writer = new TextWriter(1, 1);
    writer.answered({ round: 1 }, { watched: false, have: 0 });
    writer.add("abcdef");
    expect(writer.next()).toBeUndefined();
    writer.watched();
    expect(writer.next()).toMatchObject({ offset: 0, text: "abcdef" });
    writer.answered({ round: 1 }, { watched: true, have: 2 });
    expect(writer.next()).toMatchObject({ offset: 2, text: "cdef" });
  });
});
