import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compactionEnd, correctedRate, isCompactionDue } from "#src/conversations/index.ts";

/** A path from its newest message up, each of so many tokens. */
const upwards = (tokens: readonly number[]) =>
  tokens.map((count, index) => ({
    id: `${tokens.length - 1 - index}`,
    depth: tokens.length - 1 - index,
    tokens: count,
  }));

const window = 1000;

describe("Up to where a conversation is summarised", () => {
  it("leaves the newest twelve messages as they were said", () => {
    const path = upwards(Array.from({ length: 20 }, () => 1));
    expect(compactionEnd(path, { window, covered: 0 })?.depth).toBe(7);
  });

  it("leaves fewer where twelve are more than three tenths of the window", () => {
    const path = upwards(Array.from({ length: 20 }, () => 100));
    expect(compactionEnd(path, { window, covered: 0 })?.depth).toBe(16);
  });

  it("leaves the newest message, whatever it holds", () => {
    expect(compactionEnd(upwards([5000, 1, 1, 1]), { window, covered: 0 })?.depth).toBe(2);
  });

  it("is nowhere while everything stays, or too little has come since the last summary", () => {
    const path = upwards(Array.from({ length: 20 }, () => 1));
    expect(compactionEnd(path.slice(8), { window, covered: 0 })).toBeUndefined();
    expect(compactionEnd(path, { window, covered: 6 })).toBeUndefined();
    expect(compactionEnd(path, { window, covered: 5 })?.depth).toBe(7);
  });

  it("reads no more of a path than what stays", () => {
    let read = 0;
    function* endless() {
      for (let depth = 20_000; ; depth--) {
        read++;
        yield { id: `${depth}`, depth, tokens: 1 };
      }
    }
    compactionEnd(endless(), { window, covered: 0 });
    expect(read).toBe(13);
  });

  it("is due beyond seven tenths of the window", () => {
    expect(isCompactionDue({ tokens: 700, bytes: 1, window })).toBe(false);
    expect(isCompactionDue({ tokens: 701, bytes: 1, window })).toBe(true);
  });
});

describe("What a byte comes to in tokens", () => {
  it("follows what was read, is never less than the last answer's, and stays within what languages are", () => {
    const read = fc.record({ tokens: fc.nat(100_000), bytes: fc.nat(1_000_000) });
    fc.assert(
      fc.property(fc.array(read, { minLength: 1 }), (reads) => {
        let rate: number | null = null;
        for (const each of reads) {
          rate = correctedRate(rate, { ...each, window });
          expect(rate).toBeGreaterThanOrEqual(Math.min(0.6, each.tokens / Math.max(1, each.bytes)));
          expect(rate).toBeGreaterThanOrEqual(0.2);
          expect(rate).toBeLessThanOrEqual(0.6);
        }
      }),
    );
  });
});
