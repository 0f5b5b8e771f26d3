import type { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { mapConcurrent } from "#src/kernel/map-concurrent.ts";
import type { outcomesSchema } from "./schemas.ts";

/** So many at a time, to leave connections for others. */
const atOnce = 5;

/**
 * Does something to each of several runs; what one refuses keeps the others from nothing.
 * @param work gives the new run, where there is one
 */
export async function forEachRun(
  ids: readonly string[],
  work: (id: string) => Promise<string | null>,
): Promise<z.infer<typeof outcomesSchema>> {
  const outcomes = await mapConcurrent([...new Set(ids)], atOnce, async (id) => {
    try {
      return { id, is_done: true, new_id: await work(id), refusal: null };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { id, is_done: false, new_id: null, refusal: { code: error.code, message: error.message } };
    }
  });
  return { outcomes, done: outcomes.filter(({ is_done }) => is_done).length };
}
