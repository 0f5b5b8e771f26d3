import { removeParts } from "#src/exports/index.ts";
import type { Platform } from "#src/platform.ts";
import { askForStep, type StepQueue } from "./ask-for-step.ts";
import { exportLivesMs, forgetExport, idleExports, outlivedExports } from "./export-repository.ts";

/** Longer than a step takes: one that nothing was heard of for so long was lost. */
export const stepLostAfterMs = 120_000;
const atOnce = 20;

/**
 * The cron job: has exports gone on with whose next step was lost, and forgets those that have lived their day, with
 * what was gathered for them.
 * @returns how many stood still or were forgotten
 */
export async function sweepExports(
  platform: Pick<Platform, "db" | "blobs"> & StepQueue,
  now: number,
): Promise<number> {
  const { db, blobs } = platform;
  const idle = await idleExports(db, now - stepLostAfterMs, atOnce);
  for (const { id } of idle) await askForStep(platform, id);
  const outlived = await outlivedExports(db, now - exportLivesMs, atOnce);
  for (const { id, clientId, conversationIds } of outlived) {
    // First, because nobody looks for what was gathered for an export that is forgotten.
    await removeParts(
      blobs,
      conversationIds.map((conversationId) => ({ clientId, conversationId, exportId: id })),
    );
    await forgetExport(db, id);
  }
  return idle.length + outlived.length;
}
