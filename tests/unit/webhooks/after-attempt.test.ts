import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AttemptResult, afterAttempt } from "#src/webhook-delivery/index.ts";
import { maxAttempts, pauseAfter } from "#src/webhook-delivery/retry-schedule.ts";

const hourMs = 3_600_000;
const now = 1_800_000_000_000;
const answered = (status: number | null, more: Partial<AttemptResult> = {}): AttemptResult => ({
  at: now,
  durationMs: 5,
  url: "https://example.com/",
  status,
  answer: null,
  failure: null,
  ...more,
});
const verdictOf = (result: AttemptResult, failures = 0, random = 0.5) =>
  afterAttempt(result, failures, { now, random });

describe("A delivery", () => {
  it("is over with any 2xx, whatever came before", () => {
    for (const status of [200, 202, 204, 299])
      expect(verdictOf(answered(status), 9)).toEqual({ kind: "delivered" });
  });

  it("is tried again after anything else", () => {
    for (const status of [null, 302, 400, 404, 500]) expect(verdictOf(answered(status)).kind).toBe("retry");
  });

  it("is given up with the tenth failure, and with 410 at once", () => {
    expect(verdictOf(answered(500), maxAttempts - 2).kind).toBe("retry");
    expect(verdictOf(answered(500), maxAttempts - 1)).toEqual({ kind: "failed", isGone: false });
    expect(verdictOf(answered(410))).toEqual({ kind: "failed", isGone: true });
  });

  it("waits as long as the receiver asks for with 429 or 503, at most a day", () => {
    const asked = { retryAfterMs: hourMs };
    expect(verdictOf(answered(429, asked))).toEqual({ kind: "retry", at: now + hourMs });
    expect(verdictOf(answered(503, asked))).toEqual({ kind: "retry", at: now + hourMs });
    expect(verdictOf(answered(503, { retryAfterMs: 1e12 }))).toEqual({
      kind: "retry",
      at: now + 24 * hourMs,
    });
    expect(verdictOf(answered(500, asked))).toEqual({ kind: "retry", at: now + 16_000 });
  });
});

describe("The pauses between attempts", () => {
  const total = (random: number) =>
    Array.from({ length: maxAttempts - 1 }, (_, index) => pauseAfter(index + 1, random)).reduce(
      (a, b) => a + b,
    );

  it("take three days together", () => {
    expect(total(0.5) / hourMs).toBeCloseTo(72, 0);
  });

  it("grow, and are a tenth shorter or longer by chance", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: maxAttempts - 1 }),
        fc.float({ min: 0, max: 1, noNaN: true }),
        (failures, random) => {
          const middle = pauseAfter(failures, 0.5);
          expect(pauseAfter(failures, random)).toBeGreaterThanOrEqual(Math.floor(middle * 0.9));
          expect(pauseAfter(failures, random)).toBeLessThanOrEqual(Math.ceil(middle * 1.1));
          expect(pauseAfter(failures + 1, 0.5)).toBeGreaterThanOrEqual(middle);
        },
      ),
    );
  });
});
