import { afterEach, expect, it, vi } from "vitest";
import { DeliveryLine, maxRounds } from "#durable-objects/delivery-line.ts";
import { createLogger } from "#src/observability/logger.ts";

afterEach(() => vi.useRealTimers());

const logger = createLogger("test", "error");
const lineOf = (deliver: () => Promise<boolean>) => new DeliveryLine("things", 0, deliver, logger);

it("A delivery that never ends holds up the next one for three seconds, and no longer", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  let calls = 0;
  const line = lineOf(() => (++calls === 1 ? new Promise(() => {}) : Promise.resolve(false)));
  void line.run();
  await line.run();
  expect([calls, line.isBusy]).toEqual([1, true]);
  vi.setSystemTime(Date.now() + 3000);
  expect(line.isBusy).toBe(false);
  await line.run();
  expect(calls).toBe(2);
});

it("A delivery that fails holds up none", async () => {
  let calls = 0;
  const line = lineOf(async () => {
    if (++calls === 1) throw new Error("away");
    return false;
  });
  await line.run();
  await line.run();
  expect([calls, line.isBusy]).toEqual([2, false]);
});

it("What comes while one is under way is looked at when it is over, and not beside it", async () => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  let calls = 0;
  const line = lineOf(() => (++calls === 1 ? promise : Promise.resolve(false)));
  const first = line.run();
  await line.run();
  expect(calls).toBe(1);
  resolve(false);
  await first;
  expect(calls).toBe(2);
});

it("One that makes no headway ends, and begins anew with the next call", async () => {
  let calls = 0;
  const line = new DeliveryLine(
    "things",
    0,
    async () => ++calls > 0,
    createLogger("test", "error", {}, { write: () => undefined }),
  );
  await line.run();
  expect([calls, line.isBusy]).toEqual([maxRounds, false]);
  await line.run();
  expect(calls).toBe(2 * maxRounds);
});
