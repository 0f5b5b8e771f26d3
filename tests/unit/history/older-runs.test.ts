import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { handOverHistory } from "#src/history/index.ts";
import type { RunCopy, UsageRecord } from "#src/objects/platform-message.ts";
import { writeMessages } from "#src/read-models/write-messages.ts";
import { send } from "#tests/support/api.ts";
import { bodyOf, get, makeInstance, runAndUsage, startRun } from "#tests/support/personas.ts";
import { testPlatform } from "#tests/support/platform-in-process.ts";
import { createUser, type TestUser } from "#tests/support/users.ts";

const db = database(env.DB);
const clientId = "older_runs";
const day = 86_400_000;

let owner: TestUser;
let admin: TestUser;
let instanceId: string;
let started: string;
const older: RunCopy[] = [];

/** What a release before has left in D1: runs, and what their attempts have used. */
const leave = (run: RunCopy, attempt: UsageRecord) => writeMessages(db, [run, attempt]);

/** Everything that is told of the past. */
async function told() {
  const of = `/api/v1/personas/instances/${instanceId}`;
  const read = async (path: string, user = owner) =>
    bodyOf<Record<string, unknown>>(await get(path, user), 200);
  const paged = async (path: string, name: string) => {
    const entries: unknown[] = [];
    for (let cursor = ""; ; ) {
      const page = await read(`${path}?limit=2${cursor}`);
      entries.push(...(Array.isArray(page[name]) ? page[name] : []));
      if (page.next_cursor === null) return entries;
      cursor = `&cursor=${page.next_cursor}`;
    }
  };
  const { agent } = await read(`/api/v1/admin/agents/${instanceId}`, admin);
  const { total_workflows, workflows_last_30_days, total_fuel_consumed } = await read(
    `/api/v1/admin/clients/${clientId}/stats`,
    admin,
  );
  return {
    runs: await paged("/api/v1/personas/runs", "runs"),
    history: await paged(`${of}/history`, "runs"),
    logs: await paged(`${of}/logs`, "logs"),
    images: await paged(`${of}/images`, "images"),
    content: (await read("/api/v1/subscription/usage")).content_count,
    usage: Object(agent).usage,
    tenant: { total_workflows, workflows_last_30_days, total_fuel_consumed },
  };
}

const isOlder = async () =>
  (await env.DB.prepare("SELECT count(*) AS n FROM runs WHERE client_id = ? AND history_revision IS NULL")
    .bind(clientId)
    .first<number>("n")) ?? 0;

beforeAll(async () => {
  owner = await createUser(clientId);
  admin = await createUser("operator", { role: "admin" });
  await bodyOf(
    await send(
      "POST",
      "/api/v1/admin/subscriptions",
      { user_id: owner.actor.userId, tier: "basic" },
      admin.headers,
    ),
    201,
  ).catch(() => undefined);
  instanceId = (await makeInstance(owner)).id;
  const now = Date.now();
  for (const [n, age] of [0.001, 0.002, 0.003, 40, 41].entries()) {
    const created_at = Math.floor(now - age * day);
    const { run, attempt } = runAndUsage(owner, instanceId, {
      created_at,
      status: n === 1 ? "failed" : "completed",
    });
    await leave(run, { ...attempt, agent_type: n === 0 ? "image-generator" : attempt.agent_type });
    older.push(run);
  }
  await runInDurableObject(env.TENANT_WORKFLOWS.getByName(clientId), (_, { storage }) => {
    storage.sql.exec("DELETE FROM marks WHERE name = 'whole_history'");
  });
  started = await startRun(owner, instanceId);
});

describe("Runs of a release that kept their history in D1", () => {
  let before: Awaited<ReturnType<typeof told>>;

  it("stand in all lists and figures, beside those of today, in pages", async () => {
    before = await told();
    const ids = [started, ...older.map(({ correlation_id }) => correlation_id)];
    expect(before).toMatchObject({
      runs: ids.map((correlation_id) => ({ correlation_id })),
      history: ids.map((correlation_id) => ({ correlation_id })),
      images: [{ correlation_id: ids[1] }],
      usage: { total_executions: 6, successful_runs: 4, failed_runs: 1 },
      tenant: { total_workflows: 6, workflows_last_30_days: 4 },
    });
    expect(before.logs).toHaveLength(1 + 3 * older.length);
  });

  it("go to their object, which then tells the same without them", async () => {
    expect(await isOlder()).toBe(older.length);
    await handOverHistory(testPlatform());
    expect(await isOlder()).toBe(0);
    const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
    const { series } = await bodyOf<{ series: { points: { at: string; count: number }[] }[] }>(
      await get(`/api/v1/subscription/usage/series?since=${dayOf(Date.now() - 60 * day)}`, owner),
      200,
    );
    const points = series.flatMap((each) => each.points);
    // What they have used stands on the days on which they ended.
    for (const { completed_at } of older.slice(3))
      expect(points.find(({ at }) => at.startsWith(dayOf(completed_at ?? 0)))).toMatchObject({
        count: 1,
        fuel: 10,
      });
    // The first question tells the object that nothing is left; from then on it is asked alone.
    expect(await told()).toEqual(before);
    await env.DB.batch([
      env.DB.prepare("DELETE FROM runs WHERE client_id = ?").bind(clientId),
      env.DB.prepare("DELETE FROM usage WHERE client_id = ?").bind(clientId),
    ]);
    expect(await told()).toEqual(before);
  });

  it("change nothing when they come again, and are followed by what an older object tells late", async () => {
    const [run] = older;
    if (!run) throw new Error("no run");
    const late = runAndUsage(owner, instanceId, { created_at: Date.now() + 1000, fuel_spent: 1000 });
    await writeMessages(db, [run, late.run]);
    await handOverHistory(testPlatform());
    const after = await told();
    expect(after.runs).toHaveLength(before.runs.length + 1);
    expect(after.tenant.total_workflows).toBe(7);
    // It was rolled back to, and has moved a run whose row says that an object has it.
    await writeMessages(db, [{ ...late.run, revision: 2, fuel_spent: 1001 }]);
    await handOverHistory(testPlatform());
    expect((await told()).runs).toMatchObject([{ fuel: { spent: 1001 } }, ...before.runs.map(() => ({}))]);
  });
});
