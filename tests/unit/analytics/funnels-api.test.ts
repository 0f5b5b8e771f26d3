import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { allowAnalytics, withdrawAnalytics } from "#src/analytics/counting/consent-repository.ts";
import { countEvents, type TenantEvent } from "#src/analytics/counting/count-events.ts";
import { countFunnels } from "#src/analytics/funnels/count-funnels.ts";
import { database } from "#src/db/client.ts";
import { call, send } from "../../support/api.ts";
import { bodyOf } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const clientId = "funnels_api";
const db = database(env.DB);
const now = Date.now();
const path = "/api/v1/admin/analytics/funnels";
const steps = [
  { event: "conversations.started" },
  { event: "messages.sent", where: { role: "user" } },
  { event: "satisfaction.given" },
];

let staff: TestUser;
let made = 0;
const done = (person: string, metric: TenantEvent["metric"], before: number, by: TenantEvent["by"] = {}) => ({
  ...{ id: `funnels ${made++}`, clientId, at: now - before, metric, by, value: 1, person, account: null },
});

/** Three begin, two of them write, one of those says how it was; the last one has not agreed to be counted. */
const story = () => [
  ...["ann", "ben", "cleo", "dora"].map((person) => done(person, "conversations.started", 60_000)),
  ...["ann", "ben", "dora"].map((person) => done(person, "messages.sent", 50_000, { role: "user" })),
  done("cleo", "messages.sent", 50_000, { role: "assistant" }),
  done("ann", "satisfaction.given", 30_000),
];

beforeAll(async () => {
  staff = await createUser(clientId, { role: "moderator" });
  for (const person of ["ann", "ben", "cleo"]) await db.batch(allowAnalytics(db, { clientId, person }));
});

const make = async (name: string) =>
  bodyOf<{ id: string }>(await send("POST", path, { name, steps }, staff.headers), 201);
const resultOf = async (id: string) =>
  bodyOf<{ steps: { persons: number; share: number; median_ms: number | null }[] }>(
    await call(`${path}/${id}/result`, { headers: staff.headers }),
    200,
  );
const personsOf = async (id: string) => (await resultOf(id)).steps.map(({ persons }) => persons);

describe("A funnel", () => {
  it("counts who takes its steps, each once, as they come, and from the events before it was made", async () => {
    const before = await make("Before");
    await countEvents(db, story(), now);
    for (let times = 0; times < 3; times++) await countFunnels(db);
    const after = await make("After");
    await Promise.all([countFunnels(db), countFunnels(db)]);
    for (const { id } of [before, after]) {
      const result = await resultOf(id);
      expect(result.steps.map(({ persons, share }) => [persons, share])).toEqual([
        [3, 1],
        [2, 2 / 3],
        [1, 1 / 3],
      ]);
      expect(result.steps[0]?.median_ms).toBeNull();
      expect(Math.abs((result.steps[1]?.median_ms ?? 0) - 10_000)).toBeLessThanOrEqual(500);
    }
  });

  it("with other steps is counted anew, and with another name stays as it is", async () => {
    const { id } = await make("Changing");
    await countFunnels(db);
    const change = (body: unknown) => send("PUT", `${path}/${id}`, body, staff.headers);
    await bodyOf(await change({ name: "Renamed", steps, window_days: 7 }), 200);
    expect(await personsOf(id)).toEqual([3, 2, 1]);
    await bodyOf(await change({ name: "Renamed", steps: steps.slice(1), window_days: 7 }), 200);
    expect(await personsOf(id)).toEqual([0, 0]);
    await countFunnels(db);
    expect(await personsOf(id)).toEqual([2, 1]);
  });

  it("keeps nothing of who has withdrawn", async () => {
    await make("Forgetting");
    await countFunnels(db);
    const rows = async () =>
      JSON.stringify((await env.DB.prepare("SELECT * FROM funnel_progress").all()).results);
    expect(await rows()).toContain("ben");
    await db.batch(withdrawAnalytics(db, { clientId, person: "ben" }));
    await countFunnels(db);
    expect(await rows()).not.toContain("ben");
  });

  it("is listed, and gone when it is deleted, with what it has counted", async () => {
    const { id } = await make("Leaving");
    await countFunnels(db);
    expect((await send("DELETE", `${path}/${id}`, undefined, staff.headers)).status).toBe(204);
    expect((await call(`${path}/${id}/result`, { headers: staff.headers })).status).toBe(404);
    const { funnels } = await bodyOf<{ funnels: { id: string }[] }>(
      await call(path, { headers: staff.headers }),
      200,
    );
    expect(funnels.map((funnel) => funnel.id)).not.toContain(id);
    const left = await env.DB.prepare("SELECT * FROM rollup_days WHERE metric = ?")
      .bind(`funnel:${id}`)
      .all();
    expect(left.results).toEqual([]);
  });

  it("is refused with one step, seven, or one that nobody counts", async () => {
    for (const wrong of [
      steps.slice(0, 1),
      Array.from({ length: 7 }, () => steps[0]),
      [steps[0], { event: "nothing" }],
    ])
      expect((await send("POST", path, { name: "Wrong", steps: wrong }, staff.headers)).status).toBe(400);
  });
});
