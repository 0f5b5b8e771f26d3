import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { settingsOf } from "../../src/config.ts";
import { valueOrThrow } from "../../src/http/outcome.ts";
import { plan, usage } from "../support/plans.ts";
import { claimTask, completeTask } from "../support/task-reports.ts";
import { startedTask } from "../support/tasks.ts";

const clientId = "fault_backlog";
const { TASKS_AT_ONCE: atOnce } = settingsOf(env);
const tooMany = atOnce + 1;
const seconds = 60;

const each = {
  action: "web_search",
  for_each: `[${Array.from({ length: tooMany }, (_, index) => index)}]`,
  max_parallel: tooMany,
  timeout_seconds: seconds,
};

const object = () => env.TENANT_WORKFLOWS.getByName(clientId);

interface Row extends Record<string, SqlStorageValue> {
  id: string;
  deadline: number;
}

const unsent = () =>
  runInDurableObject(object(), (_, { storage }) =>
    storage.sql
      .exec<Row>(
        "SELECT id, state ->> 'deadline' AS deadline FROM tasks WHERE deliveries = 0 AND send_at IS NOT NULL",
      )
      .toArray(),
  );

it("A task that the tenant's backlog holds back for longer than its time is done all the same", async () => {
  const { correlationId, tenant, view } = await startedTask(clientId, plan("each", { each }));
  await expect.poll(unsent).toHaveLength(1);
  const [{ id: last } = { id: "" }] = await unsent();
  await runInDurableObject(object(), (_, { storage }) => {
    storage.sql.exec("UPDATE tasks SET state = json_set(state, '$.deadline', 1) WHERE id = ?", last);
    storage.sql.exec("UPDATE runs SET wake_at = 1");
  });
  await evictDurableObject(object());
  await runInDurableObject(object(), (instance) => instance.alarm());
  expect((await view()).status).toBe("running");

  const first = `${correlationId}.each.0`;
  valueOrThrow(await claimTask(tenant, first, 1));
  const before = Date.now();
  expect(await completeTask(tenant, first, 1, { output: { results: [] }, usage })).toEqual({ applied: true });
  await expect.poll(unsent).toEqual([]);
  const { deadline } = valueOrThrow(await claimTask(tenant, last, 1));
  expect(deadline).toBeGreaterThanOrEqual(before + seconds * 1000);
  expect(deadline).toBeLessThanOrEqual(Date.now() + seconds * 1000);
});
