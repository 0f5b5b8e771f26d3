import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { settingsOf } from "#src/kernel/config.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { plan, usage } from "../support/plans.ts";
import { claimTask, completeTask } from "../support/task-reports.ts";
import { startedTask } from "../support/tasks.ts";

const clientId = "fault_backlog";
const { TASKS_AT_ONCE: atOnce } = settingsOf(env);
/** One user leaves a tenth of the places free. */
const share = Math.ceil(atOnce * 0.9);
const tooMany = share + 1;
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
  expect(await completeTask(tenant, first, 1, { output: { results: [] }, usage })).toEqual({ applied: true });
  await expect.poll(unsent).toEqual([]);
  const before = Date.now();
  const { deadline } = valueOrThrow(await claimTask(tenant, last, 1));
  expect(deadline).toBeGreaterThanOrEqual(before + seconds * 1000);
  expect(deadline).toBeLessThanOrEqual(Date.now() + seconds * 1000);
});

/** Tasks that are out, by topic and user. */
const out = (name: string) =>
  runInDurableObject(env.TENANT_WORKFLOWS.getByName(name), (_, { storage }) =>
    storage.sql
      .exec<{ topic: string; user: string; n: number }>(
        `SELECT topic, user_id AS user, count(*) AS n FROM tasks WHERE deliveries > 0 AND send_at IS NOT NULL
         GROUP BY 1, 2 ORDER BY 1, 2`,
      )
      .toArray(),
  );

const pictures = {
  action: "ai_image_generate",
  for_each: `[${Array.from({ length: atOnce * 2 }, (_, index) => index)}]`,
  max_parallel: atOnce * 2,
};

it("Pictures that all hang leave other users their searches, and their pictures", async () => {
  const name = "fault_hanging";
  await startedTask(name, plan("draw", { draw: pictures }), {}, { userId: "noisy", fuelBudget: 100_000 });
  await expect.poll(() => out(name)).toMatchObject([{ user: "noisy", n: share }]);
  await startedTask(name, plan("look", { look: { action: "web_search" } }), {}, { userId: "quiet" });
  await startedTask(name, plan("draw", { draw: { action: "ai_image_generate" } }), {}, { userId: "quiet" });
  await expect
    .poll(() => out(name))
    .toEqual([
      { topic: "system.adapter.image.generate", user: "noisy", n: share },
      { topic: "system.adapter.image.generate", user: "quiet", n: 1 },
      { topic: "system.adapter.web.search", user: "quiet", n: 1 },
    ]);
});

it("A look at what is to be sent goes by indexes, however much waits", async () => {
  const lines = await runInDurableObject(env.TENANT_WORKFLOWS.getByName("fault_hanging"), (_, { storage }) =>
    [
      `SELECT queue, topic, user_id FROM tasks WHERE send_at IS NOT NULL AND deliveries = 0
         AND (queue, topic, user_id) > ('', '', '') ORDER BY queue, topic, user_id LIMIT 1`,
      `SELECT id FROM tasks WHERE queue = '' AND topic = '' AND user_id = '' AND deliveries = 0 AND send_at <= 1
         ORDER BY send_at LIMIT 1`,
      `SELECT user_id, count(*) FROM tasks
         WHERE queue = '' AND topic = '' AND deliveries > 0 GROUP BY user_id`,
    ].map((query) =>
      storage.sql
        .exec<{ detail: string }>(`EXPLAIN QUERY PLAN ${query}`)
        .toArray()
        .map(({ detail }) => detail),
    ),
  );
  expect(lines).toEqual([
    [expect.stringContaining("USING COVERING INDEX tasks_waiting_lines ((queue,topic,user_id)>(?,?,?))")],
    [
      expect.stringContaining(
        "USING INDEX tasks_waiting_lines (queue=? AND topic=? AND user_id=? AND send_at<?)",
      ),
    ],
    [expect.stringContaining("USING INDEX tasks_away (queue=? AND topic=?)")],
  ]);
});
