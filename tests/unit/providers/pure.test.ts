import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAspectRatio } from "#src/agents/image-request.ts";
import { retryAfterOf } from "#src/http/retry-after.ts";
import { admit, afterCalls, type BreakerState, closedBreaker } from "#src/providers/breaker-state.ts";
import { isRetryableStatus } from "#src/providers/provider-error.ts";
import { sizeOfAspectRatio } from "#src/providers/stability/image-size.ts";

describe("Retry", () => {
  it.each([
    [408, true],
    [409, true],
    [429, true],
    [500, true],
    [529, true],
    [400, false],
    [401, false],
    [404, false],
  ])("status %i: %s", (status, expected) => expect(isRetryableStatus(status)).toBe(expected));

  it.each([
    ["3", 3000],
    ["0", 0],
    ["Thu, 01 Jan 1970 00:00:10 GMT", 10_000],
    ["1.0001", 1001],
    ["1e300", Number.MAX_SAFE_INTEGER],
    ["1e999", Number.MAX_SAFE_INTEGER],
    ["soon", undefined],
    ["-1", undefined],
  ])("Retry-After: %s", (value, expected) => {
    expect(retryAfterOf(new Headers({ "retry-after": value }), 0)).toBe(expected);
  });
});

describe("Aspect ratios", () => {
  it.each([
    ["16:9", 1344, 768],
    ["1:1", 1024, 1024],
    ["21:9", 1536, 640],
    ["nonsense", 1024, 1024],
    ["0:5", 1024, 1024],
  ])("%s becomes %i × %i", (ratio, width, height) =>
    expect(sizeOfAspectRatio(readAspectRatio(ratio) ?? 1)).toEqual({ width, height }),
  );
});

describe("The circuit breaker", () => {
  const fail = (state: BreakerState, now: number) => afterCalls(state, { successes: 0, failures: 1 }, now);
  const succeed = (state: BreakerState, now: number, successes = 1) =>
    afterCalls(state, { successes, failures: 0 }, now);
  const opened = [1, 2, 3].reduce((state, now) => fail(state, now), closedBreaker);

  it("opens after three failures in a row", () => {
    expect(opened).toMatchObject({ status: "open", trips: 1 });
    expect(admit(opened, 10).admission).toEqual({ allowed: false, status: "open", retryAfterMs: 29_993 });
  });

  it("stays closed when a success comes between", () => {
    expect(fail(succeed(fail(fail(closedBreaker, 1), 2), 3), 4).status).toBe("closed");
  });

  it("opens when half of at least ten calls within a minute failed", () => {
    let state = succeed(closedBreaker, 0, 5);
    for (let call = 0; call < 4; call++) state = succeed(fail(state, 1000 + call), 1000 + call, 0);
    expect(state.status).toBe("open");
    let calm = closedBreaker;
    for (let call = 0; call < 20; call++) calm = call % 3 === 0 ? fail(calm, call) : succeed(calm, call);
    expect(calm.status).toBe("closed");
  });

  it("lets one probe through after the pause; its success closes, its failure opens again for longer", () => {
    const { state, admission } = admit(opened, 40_000);
    expect(admission).toEqual({ allowed: true, status: "half_open", probe: 1 });
    expect(admit(state, 40_001).admission).toEqual({
      allowed: false,
      status: "half_open",
      retryAfterMs: 10_000,
    });
    const closed = afterCalls(state, { successes: 1, failures: 0, probe: 1 }, 40_002);
    expect(closed).toMatchObject({ status: "closed", trips: 1 });
    const again = afterCalls(state, { successes: 0, failures: 1, probe: 1 }, 40_002);
    expect(again).toMatchObject({ status: "open", trips: 2, retryAt: 100_002 });
  });

  it("ignores the outcome of calls that began before it opened", () => {
    expect(succeed(opened, 5, 20)).toEqual(opened);
    const { state } = admit(opened, 40_000);
    expect(succeed(state, 40_001, 20)).toEqual(state);
    expect(fail(state, 40_001)).toEqual(state);
  });

  it("listens to a probe however late it is", () => {
    const first = admit(opened, 40_000).state;
    const second = admit(first, 200_000);
    expect(second.admission).toMatchObject({ probe: 2 });
    const success = { successes: 1, failures: 0, probe: 1 };
    expect(afterCalls(second.state, success, 200_001).status).toBe("closed");
    const openAgain = afterCalls(second.state, { successes: 0, failures: 1, probe: 2 }, 200_001);
    expect(afterCalls(openAgain, success, 200_002).status).toBe("closed");
    // Given up as lost, it says nothing against the one that is out now.
    expect(afterCalls(second.state, { successes: 0, failures: 1, probe: 1 }, 200_001)).toEqual(second.state);
  });

  it("takes no probe's word from before it last opened", () => {
    const first = admit(opened, 40_000).state;
    const second = admit(first, 200_000).state;
    const closed = afterCalls(second, { successes: 1, failures: 0, probe: 2 }, 200_001);
    const again = [1, 2, 3].reduce((state, after) => fail(state, 200_001 + after), closed);
    expect(again.status).toBe("open");
    expect(afterCalls(again, { successes: 1, failures: 0, probe: 1 }, 200_010)).toEqual(again);
  });

  it("never stays shut for good, whatever happens", () => {
    const step = fc.record({
      wait: fc.nat(60_000),
      successes: fc.nat(3),
      failures: fc.nat(3),
      asks: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        let state = closedBreaker;
        let now = 0;
        for (const { wait, successes, failures, asks } of steps) {
          now += wait;
          state = afterCalls(state, { successes, failures }, now);
          if (asks) state = admit(state, now).state;
        }
        expect(admit(state, now + 200_000).admission.allowed).toBe(true);
      }),
    );
  });
});
