import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { Plan } from "#src/engine/plans/plan.ts";
import type { StartRun } from "#src/engine/start-run.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { tenantObject } from "../../support/objects.ts";
import { present } from "../../support/personas.ts";
import { plan, startRequest, usage } from "../../support/plans.ts";
import { completeTask } from "../../support/task-reports.ts";

const defined = (workflows: Record<string, Plan>): StartRun["workflows"] =>
  Object.fromEntries(
    Object.entries(workflows).map(([name, of]) => [name, { id: `id-of-${name}`, version: 1, plan: of }]),
  );

/** Starts a run in a tenant of its own; everything about it and its children is asked there. */
export async function started(
  clientId: string,
  own: Plan,
  workflows: Record<string, Plan>,
  more: Partial<StartRun> = {},
) {
  const tenant = tenantObject(clientId);
  const request = startRequest(clientId, { plan: own, workflows: defined(workflows), ...more });
  const { correlationId: id } = valueOrThrow(await tenant.startRun(request));
  const view = async (runId = id) => valueOrThrow(await tenant.getRun(runId, "tenant"));
  return {
    tenant,
    id,
    view,
    stub: env.TENANT_WORKFLOWS.getByName(clientId),
    /** The run's child, the latest unless another is asked for. */
    child: async (pick = -1) => present((await view()).children.at(pick)),
    complete: (taskId: string, text = "Tea!", attempt = 1) =>
      completeTask(tenant, taskId, attempt, { output: { text }, usage }),
    fail: (taskId: string, retryable = true, attempt = 1) =>
      tenant.failTask(taskId, attempt, { error: { code: "AI_SERVICE_ERROR", message: "No", retryable } }),
    answerAt: (runId: string) =>
      tenant.resumeRun(runId, "tenant", { approved: true, userId: "user-1", feedback: "Well", step: "ask" }),
    answer: (approved: boolean, step?: string) =>
      tenant.resumeRun(id, "tenant", { approved, userId: "user-1", feedback: "Well", step }),
  };
}

/** Lets time pass until something is so. */
export const until = (stub: DurableObjectStub, look: () => Promise<unknown>) =>
  expect.poll(
    async () => {
      await runDurableObjectAlarm(stub);
      return look();
    },
    { timeout: 10_000 },
  );

export const asking = plan("write", {
  write: {
    action: "run",
    topic: "workflow:text",
    input: { topic: "{{input.topic}} at sea" },
    next_step: "done",
  },
  done: { action: "complete_workflow", input: { text: "{{steps.write.output.text}}" } },
});
