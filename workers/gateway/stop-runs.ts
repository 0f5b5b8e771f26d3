import type { Context } from "hono";
import { database } from "#src/db/client.ts";
import { type StopRunsContext, stopRuns, sweepRunsOfDeleted } from "#src/identity/accounts/stop-runs.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import type { GatewayContext } from "./context.ts";
import type { GatewayEnv } from "./env.ts";
import { allWorkflowsOf } from "./persona-context.ts";

/** What stopping the runs of deleted accounts needs. */
export const stopRunsContext = (env: GatewayEnv): StopRunsContext => ({
  db: database(env.DB),
  workflowsOf: (clientId) => allWorkflowsOf(env, clientId),
});

/** Cancels what a deleted account still executes; a failure is logged and left to the sweep. */
export async function stopRunsOf(
  env: GatewayEnv,
  user: { id: string; clientId: string },
  logger: Logger,
): Promise<void> {
  try {
    await stopRuns(stopRunsContext(env), user);
  } catch (error) {
    logger.error("runs of a deleted account go on; the sweep will repeat it", errorFields(error));
  }
}

/** Cancels what accounts that were just deleted still execute, as the sweep does, which takes up what this leaves. */
export function stopRunsLater(c: Context<GatewayContext>): void {
  const stop = async () => {
    try {
      await sweepRunsOfDeleted(stopRunsContext(c.env));
    } catch (error) {
      c.var.logger.error("runs of deleted accounts go on; the sweep will repeat it", errorFields(error));
    }
  };
  c.executionCtx.waitUntil(stop());
}
