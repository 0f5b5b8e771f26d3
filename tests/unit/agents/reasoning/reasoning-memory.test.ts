import { beforeEach, describe, expect, it } from "vitest";
import type { Plan } from "#src/engine/plans/plan.ts";
import { effectivenessOf } from "#src/memory/index.ts";
import { closeBreakers } from "#tests/support/breakers.ts";
import { present } from "#tests/support/personas.ts";
import { plan } from "#tests/support/plans.ts";
import { claimTask } from "#tests/support/task-reports.ts";
import { deliver, startedTask } from "#tests/support/tasks.ts";

let tenants = 0;
const newTenant = () => `reasoning_memory_${tenants++}`;

const think = (more: Partial<Plan["steps"][string]> = {}) => ({
  action: "reason",
  topic: "system.agent.reasoning.process",
  input: { action: "analyze", data: { subject: "How tea is kept fresh" } },
  ...more,
});

/** An instance that remembers nothing by itself, and whose reasoning agent does. */
const remembering = { reasoning: { memory_enabled: true } };
const instanceId = "instance-1";

/** Reasons, as the agents Worker and the sandbox do. */
async function reasoned(
  clientId: string,
  steps = plan("think", { think: think() }),
  config: object = remembering,
) {
  const run = await startedTask(clientId, steps, { ...config }, { instanceId });
  await deliver("agents", [run.envelope("think")]);
  const patterns = async () => {
    const kept = await run.tenant.listMemories(instanceId, { limit: 10 });
    return kept.map(({ type, metadata }) => ({ type, effectiveness: effectivenessOf(metadata) }));
  };
  const { steps: done } = await run.view();
  const confidence = Number(Object(done[0]?.output).confidence);
  return { ...run, patterns, confidence };
}

beforeEach(closeBreakers);

describe("An agent that remembers by itself", () => {
  it("keeps how it has reasoned, which counts for more once its run has succeeded", async () => {
    const { patterns, confidence, view } = await reasoned(newTenant());
    expect((await view()).status).toBe("completed");
    const [pattern, ...more] = await patterns();
    expect(more).toEqual([]);
    expect(pattern?.type).toBe("reasoning_pattern");
    expect(pattern?.effectiveness).toBeGreaterThan(confidence);
  });

  it("is told of it when a like question comes; whoever only writes is not, nor is another question", async () => {
    const clientId = newTenant();
    await reasoned(clientId);
    const memoriesOf = async (step: ReturnType<typeof think>) => {
      const run = await startedTask(clientId, plan("next", { next: step }), remembering, { instanceId });
      const claimed = await claimTask(run.tenant, run.envelope("next").task_id, 1);
      return present(claimed.ok ? claimed.value : undefined).memories;
    };
    expect(await memoriesOf(think())).toEqual([expect.stringContaining('"problem_type":"analysis"')]);
    const other = { action: "analyze", data: { subject: "Xylophones" } };
    expect(await memoriesOf(think({ input: other }))).toEqual([]);
    const writing = { action: "ai_text_generate", input: { prompt: "How tea is kept fresh" } };
    expect(await memoriesOf(think({ ...writing, topic: "system.tasks.copywriter" }))).toEqual([]);
  });

  it("thinks less of it when a person rejects what came of it", async () => {
    const steps = plan("think", {
      think: think({ next_step: "ask" }),
      ask: { action: "pause_for_human_input" },
    });
    const { patterns, confidence, tenant, correlationId, view } = await reasoned(newTenant(), steps);
    expect(await patterns()).toEqual([{ type: "reasoning_pattern", effectiveness: confidence }]);
    await tenant.resumeRun(correlationId, "tenant", { approved: false, userId: "user-1" });
    expect((await view()).status).toBe("failed");
    expect((await patterns())[0]?.effectiveness).toBeLessThan(confidence);
  });

  it("keeps nothing unless it is told to remember", async () => {
    const { patterns } = await reasoned(newTenant(), undefined, {});
    expect(await patterns()).toEqual([]);
  });
});
