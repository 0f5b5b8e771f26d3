import { createMessageBatch, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { vi } from "vitest";
import { TenantWorkflows } from "#durable-objects/tenant-workflows/object.ts";
import type { Plan } from "#src/engine/plans/plan.ts";
import { isFinished } from "#src/engine/run-state.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { isKept, type PlatformBody, receiptOf } from "#src/objects/platform-message.ts";
import { createLogger } from "#src/observability/logger.ts";
import { noMetrics } from "#src/observability/metrics/metrics.ts";
import type { Work } from "#src/tasks/carry-out.ts";
import { consumeTasks } from "#src/tasks/consume-tasks.ts";
import type { TaskEnvelope } from "#src/tasks/envelope.ts";
import { startRequest } from "./plans.ts";
import { recordedQueue } from "./recorded.ts";
import { deadLetterQueue } from "./tasks.ts";

/** What a run costs its tenant's object, as the platform bills it. */
export interface RunCosts {
  /** Rows and index entries that SQLite wrote; an alarm that is set counts as one. */
  rowsWritten: number;
  /** Calls of the object, those of the caller who starts the run and waits for it included. */
  calls: number;
  /** A message costs three: written, read and deleted. */
  queueOperations: number;
  /** Statements that the object has SQLite carry out, one of its alarms included. */
  statements: number;
  /** The rows, by statement. */
  byStatement: Record<string, number>;
}

/** The same object, telling which of its methods are called. */
const counted = (object: TenantWorkflows, note: (name: string) => void): TenantWorkflows =>
  new Proxy(object, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...call: unknown[]) => {
        note(String(name));
        return Reflect.apply(value, target, call);
      };
    },
  });

/**
 * Starts a run and has a consumer carry it out, by the object's and the consumer's own code, until nothing is left to do.
 * It is the second one of its tenant: what the first one finds done for ever counts for none.
 */
export async function costsOfRun(clientId: string, plan: Plan, work: Work): Promise<RunCosts> {
  const tasks = recordedQueue<TaskEnvelope>();
  const platform = recordedQueue<PlatformBody>();
  const queues = { AGENT_TASKS_NORMAL: tasks.queue, PLATFORM_EVENTS: platform.queue };
  return runInDurableObject(env.TENANT_WORKFLOWS.getByName(clientId), async (_, state) => {
    const own = new TenantWorkflows(state, { ...env, ...queues });
    const calls: string[] = [];
    const object = counted(own, (name) => calls.push(name));
    const carryOutOne = async () => {
      const { correlationId } = valueOrThrow(await object.startRun(startRequest(clientId, { plan })));
      let hasEnded = false;
      const end = object.waitForRun(correlationId, "tenant", 10_000).finally(() => {
        hasEnded = true;
      });
      // As when the work takes longer than copies are gathered.
      await vi.waitUntil(() => tasks.bodies.length > 0 && platform.bodies.length > 0);
      for (let taken = 0; !hasEnded; taken++) {
        // On a busy machine a later step goes over the queue again.
        await vi.waitUntil(() => hasEnded || tasks.bodies.length > taken, 10_000);
        if (hasEnded) break;
        const message = { id: uuidv7(), timestamp: new Date(), attempts: 1, body: tasks.bodies[taken] };
        await consumeTasks(createMessageBatch("agent-tasks-normal", [message]), {
          name: "agents",
          workflowsOf: () => object,
          deadLetters: deadLetterQueue().queue,
          blobs: env.BLOBS,
          logger: createLogger("agents"),
          metrics: noMetrics,
          work,
        });
      }
      if (!isFinished(valueOrThrow(await end))) throw new Error("The run has not ended");
      await vi.waitUntil(() => JSON.stringify(platform.bodies).includes('"completed"'));
      for (const body of platform.bodies)
        await object.confirmCopies([body].flat().filter(isKept).map(receiptOf));
      await own.alarm();
    };
    await carryOutOne();
    for (const counter of [calls, tasks.bodies, platform.bodies]) counter.length = 0;
    const exec = vi.spyOn(state.storage.sql, "exec");
    const setAlarm = vi.spyOn(state.storage, "setAlarm");
    await carryOutOne();

    const byStatement: Record<string, number> = { "SET ALARM": setAlarm.mock.calls.length };
    for (const [index, { value }] of exec.mock.results.entries()) {
      const statement = String(exec.mock.calls[index]?.[0]).replaceAll(/\s+/g, " ").trim();
      const rowsWritten: number = value.rowsWritten;
      if (rowsWritten > 0) byStatement[statement] = (byStatement[statement] ?? 0) + rowsWritten;
    }
    return {
      rowsWritten: Object.values(byStatement).reduce((sum, rows) => sum + rows, 0),
      calls: calls.length,
      statements: exec.mock.calls.length,
      queueOperations: 3 * (tasks.bodies.length + platform.bodies.length),
      byStatement,
    };
  });
}
