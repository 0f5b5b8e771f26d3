import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { RunTrace } from "#src/engine/run-trace.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { maxSpans, traceOf } from "#src/objects/trace-projection.ts";
import { api } from "../../support/api.ts";
import { tenantObject } from "../../support/objects.ts";
import { oneTextStep, plan, startRequest, usage } from "../../support/plans.ts";
import { completeTask } from "../../support/task-reports.ts";
import { createUser } from "../../support/users.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const trying = plan("write", {
  write: {
    action: "ai_text_generate",
    input: { prompt: "Write" },
    retry: { max_attempts: 2, backoff_seconds: 0 },
    next_step: "done",
  },
  done: { action: "complete_workflow", input: { text: "{{steps.write.output.text}}" } },
});

/** A user with a run of their own, whose traces can be asked for. */
async function running(clientId: string, of = oneTextStep) {
  const user = await createUser(clientId);
  const tenant = tenantObject(clientId);
  const request = startRequest(clientId, { plan: of, userId: user.actor.userId });
  const { correlationId: id } = valueOrThrow(await tenant.startRun(request));
  const params = { path: { correlation_id: id } };
  return {
    id,
    tenant,
    trace: async () =>
      (await api(user.token).GET("/api/v1/personas/runs/{correlation_id}/trace", { params })).data,
  };
}

/** Spans as they are within each other: `kind name status`. */
const tree = ({ spans }: Pick<RunTrace, "spans">, parent: string | null = null, depth = 0): string[] =>
  spans
    .filter(({ parent_id }) => parent_id === parent)
    .flatMap((span) => [
      `${"  ".repeat(depth)}${span.kind} ${span.name} ${span.status}`,
      ...tree({ spans }, span.id, depth + 1),
    ]);

describe("The trace of a run", () => {
  it("has the run, its steps in it and their attempts in them, with what each has waited for", async () => {
    const { id, tenant, trace } = await running("traced", trying);
    const task = `${id}.write.main`;
    await tenant.claimTasks([[task, 1]]);
    const error = { code: "BOOM", message: "It broke", retryable: true };
    await tenant.failTask(task, 1, { error, usage: { ...usage, providerMs: 4 } });
    const done = { output: { text: "Tea" }, usage: { ...usage, providerMs: 9 } };
    // It goes out again with the alarm.
    await vi.waitUntil(async () => {
      await runDurableObjectAlarm(env.TENANT_WORKFLOWS.getByName("traced"));
      return (await completeTask(tenant, task, 2, done)).applied;
    });
    const told = await trace();
    if (!told) throw new Error("no trace");
    expect(told).toMatchObject({ correlation_id: id, trace_id: traceId, status: "completed", omitted: 0 });
    expect(tree(told)).toEqual([
      "run run completed",
      "  step write completed",
      "    attempt ai_text_generate failed",
      "    attempt ai_text_generate completed",
      "  step done completed",
    ]);
    const attempts = told.spans.filter(({ kind }) => kind === "attempt");
    expect(attempts).toMatchObject([
      { attempt: 1, task_id: task, provider_ms: 4, queue_ms: expect.any(Number), error: { code: "BOOM" } },
      { attempt: 2, task_id: task, provider_ms: 9, error: null },
    ]);
    expect(told.duration_ms).toBe(Date.parse(told.ended_at ?? "") - Date.parse(told.started_at));
  });

  it("of a run that goes on has open ends", async () => {
    const { trace } = await running("traced_open");
    const told = await trace();
    expect(told?.spans.map(({ kind, ended_at }) => [kind, ended_at])).toEqual([
      ["run", null],
      ["step", null],
      ["attempt", null],
    ]);
    expect(told?.duration_ms).toBeNull();
  });

  it("is the one that the run and its events name", async () => {
    const { id, tenant } = await running("traced_events");
    expect(valueOrThrow(await tenant.getRun(id, "tenant")).trace_id).toBe(traceId);
    const { events } = await tenant.readEvents({ since: 0, entityId: id, limit: 10 });
    expect(new Set(events.map(({ data }) => data.trace_id))).toEqual(new Set([traceId]));
  });

  it("has an end, however many tasks there are", async () => {
    const { id, tenant } = await running("traced_long");
    const run = valueOrThrow(await tenant.getRun(id, "tenant"));
    const { tasks } = valueOrThrow(await tenant.listTasks(id, "tenant", { after: 0, limit: 1, include: [] }));
    const [task] = tasks;
    if (!task) throw new Error("no task");
    const many = Array.from({ length: 3000 }, (_, index) => ({ ...task, id: `${id}.write.${index}` }));
    const told = traceOf(run, many);
    expect([told.spans.length, told.omitted]).toEqual([maxSpans, 1002]);
  });
});
