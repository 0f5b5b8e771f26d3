import type { PlatformEvent } from "#src/events/index.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { Platform } from "#src/platform.ts";

/** Triggers that may lead to one another; the next fires nothing. */
export const maxDepth = 3;

/** The run that an event comes of: it is about it, or a persona has done it in it. */
const runOf = ({ event, entity_id, data }: PlatformEvent): string | undefined => {
  if (event.startsWith("execution.")) return entity_id;
  return typeof data.run_id === "string" ? data.run_id : undefined;
};

/**
 * How many triggers have led to an event, one after another.
 * @throws AppError where nobody can tell
 */
export async function depthOf(
  { objects }: Pick<Platform, "objects">,
  clientId: string,
  event: PlatformEvent,
): Promise<number> {
  const runId = runOf(event);
  if (runId === undefined) return 0;
  const found = await (await objects.workflowsOfRun(clientId, runId)).getRun(runId, "tenant");
  // Of a run that is gone by now nothing is known, and nothing can follow any more.
  if (!found.ok && found.code === "NOT_FOUND") return maxDepth;
  return valueOrThrow(found).started_by?.depth ?? 0;
}
