import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { oneTextStep, plan } from "../support/plans.ts";
import { startedTask } from "../support/tasks.ts";

const objectOf = (clientId: string) => env.TENANT_WORKFLOWS.getByName(clientId);

/** More memory tasks than are done on the spot: the sixth waits for its turn. */
const memories = plan("keep", {
  keep: { action: "store_memory", for_each: "[1, 2, 3, 4, 5, 6]", input: { content: "Tea {{item}}" } },
});

/** As it is when a run's row cannot be read, and a new instance of the object has nothing of it in memory. */
async function makeUnreadable(clientId: string, runId: string) {
  await runInDurableObject(objectOf(clientId), (_, { storage }) => {
    storage.sql.exec("UPDATE runs SET body = '{' WHERE id = ?", runId);
    storage.sql.exec(
      "UPDATE tasks SET deliveries = 0, send_at = 1, claimed_until = NULL WHERE send_at IS NOT NULL",
    );
  });
  await evictDurableObject(objectOf(clientId));
}

const ring = (clientId: string) => runInDurableObject(objectOf(clientId), (instance) => instance.alarm());

const deliveriesOf = (clientId: string, runId: string) =>
  runInDurableObject(
    objectOf(clientId),
    (_, { storage }) =>
      storage.sql.exec<{ n: number }>("SELECT deliveries AS n FROM tasks WHERE run_id = ?", runId).one().n,
  );

it("A run that cannot be read does not keep other runs' tasks from their queue", async () => {
  const clientId = "unreadable_sending";
  const broken = await startedTask(clientId, oneTextStep);
  const sound = await startedTask(clientId, oneTextStep);
  await makeUnreadable(clientId, broken.correlationId);
  await ring(clientId);
  await expect.poll(() => deliveriesOf(clientId, sound.correlationId)).toBeGreaterThan(0);
  expect(await deliveriesOf(clientId, broken.correlationId)).toBe(0);
});

it("A run that cannot be read does not keep others' tasks from being claimed with its own", async () => {
  const clientId = "unreadable_claim";
  const broken = await startedTask(clientId, oneTextStep);
  const sound = await startedTask(clientId, oneTextStep);
  await makeUnreadable(clientId, broken.correlationId);
  const [refused, claimed] = await sound.tenant.claimTasks([
    [`${broken.correlationId}.write.main`, 1],
    [`${sound.correlationId}.write.main`, 1],
  ]);
  expect(refused).toMatchObject({ ok: false, code: "INTERNAL_ERROR" });
  expect(claimed && valueOrThrow(claimed).correlationId).toBe(sound.correlationId);
});

it("A run that cannot be read does not keep others from being cancelled", async () => {
  const clientId = "unreadable_cancel";
  const broken = await startedTask(clientId, oneTextStep);
  const sound = await startedTask(clientId, oneTextStep);
  await makeUnreadable(clientId, broken.correlationId);
  expect(await sound.tenant.cancelRunsOfUser("user-1", "Gone")).toEqual([sound.correlationId]);
  expect((await sound.view()).status).toBe("cancelled");
});

it("A memory task that cannot be carried out holds up no other", async () => {
  const clientId = "unreadable_memory";
  const stuck = (run: string) => `CREATE TRIGGER stuck BEFORE DELETE ON tasks
    WHEN old.id LIKE '${run}.keep.5' BEGIN SELECT RAISE(ABORT, 'stuck'); END`;
  await objectOf(clientId).describe();
  await runInDurableObject(objectOf(clientId), (_, { storage }) => storage.sql.exec(stuck("%")));
  const broken = await startedTask(clientId, memories);
  const sound = await startedTask(clientId, memories);
  expect((await sound.view()).status).toBe("running");
  await runInDurableObject(objectOf(clientId), (_, { storage }) => {
    storage.sql.exec("DROP TRIGGER stuck");
    storage.sql.exec(stuck(broken.correlationId));
  });
  const statusOnceDue = async () => {
    await runInDurableObject(objectOf(clientId), (_, { storage }) => {
      storage.sql.exec("UPDATE tasks SET send_at = 1 WHERE send_at IS NOT NULL");
    });
    await ring(clientId);
    return (await sound.view()).status;
  };
  await expect.poll(statusOnceDue).toBe("completed");
  expect((await broken.view()).status).toBe("running");
});
