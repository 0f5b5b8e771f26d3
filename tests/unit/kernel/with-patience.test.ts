import { scryptSync } from "node:crypto";
import { describe, expect, it } from "vitest";
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
    await expect(withPatience(new Promise(() => {}), 200)).rejects.toThrow("No answer within 200 ms");
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
