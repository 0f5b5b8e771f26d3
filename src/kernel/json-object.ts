import { z } from "zod";

/** Deeper JSON than this is refused: what walks it recursively must not run out of stack. */
const maxJsonDepth = 64;

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Whether lists and objects are nested more than `max` deep; looks level by level, without recursion. */
function isDeeperThan(value: unknown, max: number): boolean {
  let level = [value].filter(isObject);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > max) return true;
    level = level.flatMap((part) => Object.values(part).filter(isObject));
  }
  return false;
}

export const isShallow = (value: unknown): boolean => !isDeeperThan(value, maxJsonDepth);
export const tooDeep = `Nested more than ${maxJsonDepth} deep`;

/** Any JSON object of bounded depth; its size is bounded by the request's. What is too deep no later check walks. */
export const jsonObject = z
  .record(z.string(), z.unknown())
  .refine(isShallow, { message: tooDeep, abort: true });
