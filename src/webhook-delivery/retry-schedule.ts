import { dayMs } from "#src/kernel/clock.ts";

/** Attempts of a delivery, the first one included: with the pauses between them they take three days. */
export const maxAttempts = 10;

const firstPauseMs = 16_000;
const factor = 4;
/** No pause is longer, whatever a receiver asks for. */
export const maxPauseMs = dayMs;
/** Part of a pause by which it is shorter or longer, so that what failed together does not come again together. */
const jitter = 0.1;

/**
 * Milliseconds until a delivery is tried again: 16 s, 64 s, 4 min, 17 min, 68 min, 4.6 h, 18 h, a day, a day.
 * @param failures attempts that have failed, from 1
 * @param random from 0 to 1
 */
export function pauseAfter(failures: number, random: number): number {
  const pause = Math.min(firstPauseMs * factor ** (failures - 1), maxPauseMs);
  return Math.round(pause * (1 - jitter + 2 * jitter * random));
}
