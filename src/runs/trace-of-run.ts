import type { RunTrace } from "#src/engine/run-trace.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { RunScope, RunsApi } from "#src/objects/runs-api.ts";
import { maxSpans, traceOf } from "#src/objects/trace-projection.ts";

/**
 * The trace of a run that is in an object, or in its archive.
 * @throws AppError `NOT_FOUND`
 */
export async function traceOfRun(
  tenant: Pick<RunsApi, "getRun" | "listTasks">,
  runId: string,
  scope: RunScope,
): Promise<RunTrace> {
  const run = valueOrThrow(await tenant.getRun(runId, scope));
  const { tasks } = valueOrThrow(
    await tenant.listTasks(runId, scope, { after: 0, limit: maxSpans, include: [] }),
  );
  return traceOf(run, tasks);
}
