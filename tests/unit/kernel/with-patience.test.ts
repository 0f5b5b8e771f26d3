import { scryptSync } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { withPatience } from "#src/kernel/with-patience.ts";

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Keeps the isolate from everything else for a third of a second or more. */
const compute = () => scryptSync("busy", "busy", 64, { N: 2 ** 15, r: 8, p: 3, maxmem: 2 ** 27 });

describe("Patience", () => {
  it("gives what work comes to", async () => {
    expect(await withPatience(Promise.resolve("done"), 100)).toBe("done");
    await expect(withPatience(Promise.reject(new Error("failed")), 100)).rejects.toThrow("failed");
  });

  it("ends when nothing is heard for so long", async () => {
    vi.useFakeTimers();
    try {
      let failure = "";
      withPatience(new Promise(() => {}), 1000).catch((error) => {
        failure = error.message;
      });
      await vi.advanceTimersByTimeAsync(999);
      expect(failure).toBe("");
      await vi.advanceTimersByTimeAsync(1);
      expect(failure).toBe("No answer within 1000 ms");
    } finally {
      vi.useRealTimers();
    }
  });

  it("does not count time in which the isolate was busy", async () => {
    const waiting = withPatience(
      pause(150).then(() => "answered"),
      200,
    );
    for (let times = 0; times < 3; times++) compute();
    expect(await waiting).toBe("answered");
  });
});
