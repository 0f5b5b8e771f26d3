import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { consequenceOf, staleness, turnStatuses } from "#src/conversations/turn.ts";
import { busyWays } from "#src/kernel/chat-words.ts";

describe("A call of a turn", () => {
  it("counts only for the turn that runs, in the holder's own epoch, of the newest attempt", () => {
    const small = fc.integer({ min: 1, max: 3 });
    const turns = fc.record({ status: fc.constantFrom(...turnStatuses), epoch: small, attempt: small });
    fc.assert(
      fc.property(turns, fc.record({ epoch: small, attempt: small }), small, (turn, call, holderEpoch) => {
        const counts =
          turn.status === "running" &&
          call.epoch === turn.epoch &&
          turn.epoch === holderEpoch &&
          call.attempt >= turn.attempt;
        expect(staleness(turn, call, holderEpoch) === undefined).toBe(counts);
      }),
    );
  });

  it.each([
    ["NOT_FOUND", undefined, { epoch: 1 }, 1],
    ["EPOCH_PASSED", { status: "running", epoch: 1, attempt: 1 }, { epoch: 1 }, 2],
    ["EPOCH_PASSED", { status: "stopped", epoch: 1, attempt: 1 }, { epoch: 1 }, 2],
    ["ENDED", { status: "done", epoch: 1, attempt: 1 }, { epoch: 1, attempt: 1 }, 1],
    ["ATTEMPT_PASSED", { status: "running", epoch: 1, attempt: 2 }, { epoch: 1, attempt: 1 }, 1],
  ] as const)("is told %s", (code, turn, call, holderEpoch) => {
    expect(staleness(turn, call, holderEpoch)).toBe(code);
  });
});

describe("A message that wants an answer", () => {
  it("begins a turn where none is running, and what the persona says otherwise", () => {
    const free = { isPersonas: true, isRunning: false };
    const busy = { isPersonas: true, isRunning: true };
    expect(busyWays.map((way) => consequenceOf(free, way))).toEqual(["begin", "begin", "begin"]);
    expect(busyWays.map((way) => consequenceOf(busy, way))).toEqual(["wait", "interrupt", "reject"]);
  });

  it("waits while somebody else than the persona holds the conversation", () => {
    for (const isRunning of [true, false])
      for (const way of busyWays) expect(consequenceOf({ isPersonas: false, isRunning }, way)).toBe("wait");
  });
});
