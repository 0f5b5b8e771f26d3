import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { followRun, type RunFrame } from "#src/runs/follow-run.ts";
import { oneTextStep, usage } from "../../support/plans.ts";
import { completeTask } from "../../support/task-reports.ts";
import { startedTask } from "../../support/tasks.ts";

it("A run that is quiet while others of its tenant fill the log has no gap, and can be resumed from there", async () => {
  const { correlationId, tenant } = await startedTask("follow_quiet", oneTextStep);
  const frames = followRun(tenant, { runId: correlationId, isOver: false, quietMs: 20 });
  const next = async () => (await frames.next()).value;
  expect(await next()).toMatchObject({ type: "event", event: "execution.started" });
  expect(await next()).toMatchObject({ type: "event", event: "execution.progress" });
  expect(await next()).toMatchObject({ type: "event", event: "execution.task.dispatched" });
  await tenant.appendEvents(
    Array.from({ length: 5 }, (_, index) => ({
      id: `other-${index}`,
      event: "instance.updated",
      entityId: "another",
      ownerUserId: null,
      data: {},
    })),
  );
  const { latest, epoch } = await tenant.readEvents({ since: 0, limit: 1 });
  expect(await next()).toEqual({ type: "quiet", id: `${epoch}.${latest}` });
  await runInDurableObject(
    env.TENANT_WORKFLOWS.getByName("follow_quiet"),
    (_, { storage }) => void storage.sql.exec("DELETE FROM event_blocks WHERE last_seq <= ?", latest - 1),
  );
  await completeTask(tenant, `${correlationId}.write.main`, 1, { output: { text: "Tea" }, usage });
  const rest: RunFrame[] = [];
  for await (const frame of frames) rest.push(frame);
  expect(rest.map(({ type }) => type)).not.toContain("gap");
  expect(rest.at(-1)).toMatchObject({ type: "event", event: "execution.completed" });
});
