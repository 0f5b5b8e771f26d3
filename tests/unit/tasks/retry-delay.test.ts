import { expect, it } from "vitest";
import { maxRetries, retryDelay } from "#src/tasks/retry-delay.ts";

/** Seconds from the first delivery until a message is given up that always fails. */
function lifetime(until = 0): number {
  let now = 0;
  for (let attempts = 1; attempts <= maxRetries; attempts++) now += retryDelay(attempts, until, now) * 1000;
  return now / 1000;
}

it("A message is delivered again at once first, and later each time, up to ten minutes", () => {
  const delays = Array.from({ length: 12 }, (_, index) => retryDelay(index + 1));
  expect(delays).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600]);
});

it("Trouble of hours gives no message up", () => {
  expect(lifetime()).toBeGreaterThan(12 * 3600);
});

it("A task's message lives to see its deadline, however far off that is", () => {
  for (const hours of [1, 24, 90]) expect(lifetime(hours * 3_600_000)).toBeGreaterThanOrEqual(hours * 3600);
});
