import { describe, expect, it } from "vitest";
import type { TaskCompletion } from "#src/engine/task-report.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { TasksApi } from "#src/objects/tasks-api.ts";
import { GatheredReports } from "#src/tasks/gathered-reports.ts";
import { tenantObject } from "../../support/objects.ts";
import { oneTextStep, usage } from "../../support/plans.ts";
import { claimTask } from "../../support/task-reports.ts";
import { startedTask } from "../../support/tasks.ts";

const result = { output: { text: "done" }, usage };

/** Claimed tasks of so many runs of a tenant. */
async function claimedTasks(clientId: string, count: number) {
  const runs = await Promise.all(Array.from({ length: count }, () => startedTask(clientId, oneTextStep)));
  for (const { tenant, envelope } of runs)
    valueOrThrow(await claimTask(tenant, envelope("write").task_id, 1));
  const completions = runs.map(
    ({ envelope }): TaskCompletion => ({ taskId: envelope("write").task_id, attempt: 1, result }),
  );
  return {
    tenant: tenantObject(clientId),
    completions,
    statuses: () => Promise.all(runs.map(async ({ view }) => (await view()).status)),
  };
}

/** The tenant object behind a line that notes what each report holds, and may lose some of them. */
function watched(tenant: TasksApi, isLost: (report: readonly TaskCompletion[]) => boolean = () => false) {
  const sizes: number[] = [];
  const line: Pick<TasksApi, "completeTasks"> = {
    completeTasks(completions) {
      sizes.push(completions.length);
      return isLost(completions)
        ? Promise.reject(new Error("Network connection lost"))
        : tenant.completeTasks(completions);
    },
  };
  return { line, sizes };
}

describe("Reports to a tenant object", () => {
  it("of tasks that are done in the same moment go with one call", async () => {
    const { tenant, completions, statuses } = await claimedTasks("together", 5);
    const { line, sizes } = watched(tenant);
    const reports = new GatheredReports(() => line);
    const answers = await Promise.all(completions.map((completion) => reports.complete(completion)));
    expect(answers).toEqual(completions.map(() => ({ applied: true })));
    expect(sizes).toEqual([5]);
    expect(await statuses()).toEqual(completions.map(() => "completed"));
  });

  it("that come while a call is under way go together with the next", async () => {
    const { tenant, completions, statuses } = await claimedTasks("in_flight", 4);
    const { line, sizes } = watched(tenant);
    const reports = new GatheredReports(() => line);
    const [first, ...others] = completions;
    if (!first) throw new Error("No task");
    const early = reports.complete(first);
    await expect.poll(() => sizes).toEqual([1]);
    await Promise.all([early, ...others.map((completion) => reports.complete(completion))]);
    expect(sizes).toEqual([1, 3]);
    expect(await statuses()).toEqual(completions.map(() => "completed"));
  });

  it("wait no longer than a moment for one that is not answered", async () => {
    const { tenant, completions, statuses } = await claimedTasks("unanswered", 2);
    const [silent, other] = completions;
    if (!silent || !other) throw new Error("No task");
    const { promise: never } = Promise.withResolvers<never>();
    const line: Pick<TasksApi, "completeTasks"> = {
      completeTasks: (report) =>
        report.some(({ taskId }) => taskId === silent.taskId) ? never : tenant.completeTasks(report),
    };
    const reports = new GatheredReports(() => line);
    void reports.complete(silent);
    await Promise.resolve().then(() => undefined);
    expect(await reports.complete(other)).toEqual({ applied: true });
    expect(await statuses()).toEqual(["running", "completed"]);
  });

  it("that are lost are made again one by one, so that a bad one spoils no other", async () => {
    const { tenant, completions, statuses } = await claimedTasks("one_bad", 3);
    const bad = completions[1]?.taskId;
    const { line, sizes } = watched(tenant, (report) => report.some(({ taskId }) => taskId === bad));
    const reports = new GatheredReports(() => line);
    const answers = await Promise.allSettled(completions.map((completion) => reports.complete(completion)));
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(sizes).toEqual([3, 1, 1, 1]);
    expect(await statuses()).toEqual(["completed", "running", "completed"]);
  });

  it("count once, though one of them comes twice in the same call", async () => {
    const { tenant, completions } = await claimedTasks("twice_at_once", 1);
    const answers = await tenant.completeTasks([...completions, ...completions]);
    expect(answers).toEqual([{ applied: true }, { applied: false }]);
  });
});
