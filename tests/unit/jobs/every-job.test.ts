import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { outboxStatement } from "#src/events/index.ts";
import { dayMs } from "#src/kernel/clock.ts";
import { jobs } from "#workers/gateway/jobs.ts";
import { send } from "../../support/api.ts";
import { tenantObject } from "../../support/objects.ts";
import { bodyOf } from "../../support/personas.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { tenantWorld } from "../../support/tenant-world.ts";
import { operator, password, registered } from "../administration/accounts.ts";
import { create, db } from "../subscriptions/admin-subscriptions.ts";

const clientId = "every_job";
/** So late that everything is due: trials, sessions, keys, what is kept of deleted accounts, lists of runs. */
const now = Date.now() + 400 * dayMs;

/** Every job, as two ticks do it that come at once. */
const tick = () =>
  Promise.all(
    Object.values(jobs).flatMap((job) =>
      [1, 2].map(() => job(testPlatform({ clock: { now: () => now } }), now)),
    ),
  );

/** All that there is in the database but what says when jobs ran. */
async function everything(): Promise<Record<string, unknown[]>> {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite_%'",
  ).all<{ name: string }>();
  const names = results.map(({ name }) => name).filter((name) => name !== "job_runs");
  const rows = names.map((name) => env.DB.prepare(`SELECT * FROM "${name}" ORDER BY 1, 2`).all());
  return Object.fromEntries((await Promise.all(rows)).map((found, index) => [names[index], found.results]));
}

describe("Every job, done by two at once and again and again,", () => {
  let tried: Awaited<ReturnType<typeof registered>>;

  beforeAll(async () => {
    await tenantWorld(clientId);
    tried = await registered(clientId);
    await bodyOf(await create(await operator(), { user_id: tried.id, tier: "basic", trial_days: 1 }), 201);
    const leaving = await registered(clientId);
    const farewell = { password, confirmation: "DELETE MY ACCOUNT" };
    await bodyOf(await send("DELETE", "/api/v1/user/delete", farewell, leaving.headers), 200);
    const waiting = { event: "system.notification", data: { code: "AGENT_DISABLED" } } as const;
    await outboxStatement(db, { ...waiting, clientId, entityId: clientId, ownerUserId: null }, now);
    for (let times = 0; times < 4; times++) await tick();
  });

  it("does what there is to do once", async () => {
    const { events } = await tenantObject(clientId).readEvents({ since: 0, limit: 500 });
    const told = (name: string, about: string) =>
      events.filter(({ event, entity_id }) => event === name && entity_id === about);
    expect(told("system.notification", clientId)).toHaveLength(1);
    expect(told("subscription.updated", tried.id)).toHaveLength(1);
    const { results } = await env.DB.prepare(
      "SELECT count(*) AS n FROM audit_log WHERE target_id = ? AND action = 'subscription.expired'",
    )
      .bind(tried.id)
      .all();
    expect(results).toEqual([{ n: 1 }]);
  });

  it("finds nothing more to do then, and changes nothing", async () => {
    const before = await everything();
    expect(Object.values(before).flat().length).toBeGreaterThan(10);
    await tick();
    expect(await everything()).toEqual(before);
  });
});
