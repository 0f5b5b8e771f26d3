import { describe, expect, it, vi } from "vitest";
import { ChangeSignal } from "#durable-objects/tenant-workflows/change-signal.ts";

const never = () => vi.fn(() => ({ done: false, value: "not yet" }));

describe("A change signal", () => {
  it("wakes those who wait for what has changed, and looks again for nobody else", async () => {
    const signal = new ChangeSignal();
    const others = Array.from({ length: 100 }, never);
    const waiting = others.map((read, index) => signal.until(read, 1, `other-${index}`));
    let done = false;
    const mine = signal.until(() => ({ done, value: "mine" }), 60_000, "run");
    done = true;
    signal.touch("run");
    signal.notify();
    expect(await mine).toBe("mine");
    for (const read of others) expect(read).toHaveBeenCalledTimes(1);
    await Promise.all(waiting);
  });

  it("wakes those who wait for anything with every change", async () => {
    const signal = new ChangeSignal();
    const read = vi.fn(() => ({ done: read.mock.calls.length > 2, value: read.mock.calls.length }));
    const anything = signal.until(read, 60_000);
    for (const id of ["a", "b"]) {
      signal.touch(id);
      signal.notify();
    }
    expect(await anything).toBe(3);
  });

  it("gives what there is when the time is over", async () => {
    expect(await new ChangeSignal().until(never(), 1, "run")).toBe("not yet");
  });

  it("does not wait for what is there already", async () => {
    expect(await new ChangeSignal().until(() => ({ done: true, value: 1 }), 60_000)).toBe(1);
  });
});
