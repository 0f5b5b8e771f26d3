import { describe, expect, it } from "vitest";
import { AnswerCourier } from "#src/agents/chat/answer-courier.ts";
import type { TurnDelta, TurnsApi } from "#src/objects/turn-contract.ts";
import { createLogger } from "#src/observability/logger.ts";

const key = { turnId: "t", epoch: 1 };

/** A conversation that keeps what it is brought, and can be made to fail. */
function conversation() {
  const state = { attempt: 0, text: "", failures: 0, isOver: false, deltas: [] as TurnDelta[] };
  const api: Pick<TurnsApi, "beginAttempt" | "writeDelta"> = {
    beginAttempt: async () => {
      if (state.isOver) return { ok: false, code: "ENDED" };
      state.attempt += 1;
      state.text = "";
      return { ok: true, attempt: state.attempt };
    },
    writeDelta: async (delta) => {
      if (state.isOver) return { ok: false, code: "ENDED" };
      if (state.failures-- > 0) throw new Error("The object restarts");
      state.deltas.push(delta);
      if (delta.attempt === state.attempt && delta.offset === state.text.length) state.text += delta.text;
      return { ok: true, have: state.text.length };
    },
  };
  return { state, courier: new AnswerCourier(() => api, key, createLogger("test", "error")) };
}

describe("The courier of an answer", () => {
  it("brings the text in pieces that follow each other, never half a character", async () => {
    const { state, courier } = conversation();
    for (const piece of ["Green ", "tea \ud83c", "\udf75 it is"]) {
      courier.add(piece);
      const before = state.text;
      await expect.poll(() => state.text).not.toBe(before);
    }
    expect(await courier.finish()).toBe(1);
    expect(state.text).toBe("Green tea 🍵 it is");
    expect(state.deltas.every(({ text }) => text.isWellFormed())).toBe(true);
  });

  it("brings again what was lost, from where the conversation has it", async () => {
    const { state, courier } = conversation();
    courier.add("Green ");
    await expect.poll(() => state.text).toBe("Green ");
    state.failures = 1;
    courier.add("tea");
    await expect.poll(() => state.text, { timeout: 5000 }).toBe("Green tea");
    courier.close();
  });

  it("takes a number of its own for each writing: what begins anew is another attempt", async () => {
    const { state, courier } = conversation();
    courier.add("Blue");
    await expect.poll(() => state.text).toBe("Blue");
    courier.restart();
    courier.add("Green");
    await expect.poll(() => [state.attempt, state.text]).toEqual([2, "Green"]);
    expect(await courier.finish()).toBe(2);
  });

  it("breaks the writing off once the answer is not wanted any more, and says why", async () => {
    const { state, courier } = conversation();
    courier.add("Green");
    await expect.poll(() => state.text).toBe("Green");
    state.isOver = true;
    courier.add(" tea");
    await expect.poll(() => courier.signal.aborted).toBe(true);
    expect([courier.stale, await courier.finish()]).toEqual(["ENDED", undefined]);
    expect(state.text).toBe("Green");
  });
});
