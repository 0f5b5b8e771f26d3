import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, it } from "vitest";
import { dashboardRows } from "#src/analytics/dashboard/dashboard-repository.ts";
import { dashboardView } from "#src/analytics/dashboard/dashboard-view.ts";
import type { UserAnalytics } from "#src/analytics/users/schemas.ts";
import { database } from "#src/db/client.ts";
import { noFigures, plusFigures } from "#src/engine/usage-figures.ts";
import { writeMessages } from "#src/read-models/write-messages.ts";
import { askStripe, payer } from "#tests/support/payments.ts";
import { api, call } from "../../support/api.ts";
import { bodyOf, present } from "../../support/personas.ts";
import { firstDay, lastDay, usageHistory } from "../../support/usage-histories.ts";
import { createUser, createUserWithSession } from "../../support/users.ts";

const db = database(env.DB);
const healthy = { isDatabaseReady: true, queueDepth: 3, calls: null };

const clear = () =>
  env.DB.batch([
    env.DB.prepare("DELETE FROM runs WHERE client_id = 'usage_histories'"),
    env.DB.prepare("DELETE FROM usage_days WHERE day >= ?").bind(firstDay),
    env.DB.prepare("DELETE FROM platform_totals"),
  ]);

it("Every figure of executions is what a recount finds, whatever is delivered twice, late or out of order", async () => {
  await fc.assert(
    fc.asyncProperty(usageHistory, async ({ runs, deliveries }) => {
      await clear();
      const before = (await dashboardRows(db, lastDay - 1, "2026-11")).open;
      for (const messages of deliveries) await writeMessages(db, messages);
      const { overview, agent_metrics, usage_metrics, system_health, recent_activity } = dashboardView(
        await dashboardRows(db, lastDay - 1, "2026-11"),
        "2026-11",
        healthy,
      );
      const completed = runs.filter(({ copy }) => copy.status === "completed").length;
      expect(overview.success_rate).toBeCloseTo(runs.length === 0 ? 0 : (100 * completed) / runs.length, 1);
      expect(overview.total_workflows).toBe(runs.length + before);
      expect(system_health.active_workflows).toBe(before);
      expect(usage_metrics.total_fuel_consumed).toBe(
        runs.reduce((sum, { copy }) => sum + copy.fuel_spent, 0),
      );
      const attempts = runs.flatMap((run) => run.attempts);
      const byType = Map.groupBy(attempts, ({ agentType }) => agentType);
      const used = [...byType].map(([type, own]) => ({
        type,
        ...own.map(({ figures }) => figures).reduce(plusFigures, noFigures),
      }));
      expect(usage_metrics.fuel_by_agent_type).toEqual(
        Object.fromEntries(used.map(({ type, fuel }) => [type, fuel])),
      );
      expect(agent_metrics.most_used_agents).toEqual(
        used
          .map(({ type, count }) => ({ agent_type: type, usage_count: count }))
          .sort((a, b) => b.usage_count - a.usage_count || (a.agent_type < b.agent_type ? -1 : 1)),
      );
      const took = attempts.reduce((sum, { figures }) => sum + figures.duration_ms, 0);
      expect(agent_metrics.avg_response_time_ms).toBeCloseTo(took / Math.max(attempts.length, 1), 1);
      // They end later than any account has been made.
      const ends = recent_activity.filter(({ client_id }) => client_id === "usage_histories");
      expect(ends).toHaveLength(Math.min(runs.length, 20));
    }),
    { numRuns: 40 },
  );
  await clear();
});

it("It reads as many rows, however many there are of anything", async () => {
  const sizes: number[] = [];
  for (const many of [20, 400]) {
    const copies = fc
      .sample(usageHistory, 100)
      .flatMap(({ runs }) => runs)
      .slice(0, many)
      .map(({ copy }) => copy);
    await writeMessages(db, copies);
    let rows = 0;
    const binding = new Proxy(env.DB, {
      get(target, name) {
        if (name === "batch")
          return async (statements: D1PreparedStatement[]) => {
            const results = await target.batch(statements);
            rows += results.reduce((sum, { meta }) => sum + meta.rows_read, 0);
            return results;
          };
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    await dashboardRows(database(binding), lastDay - 1, "2026-11");
    sizes.push(rows);
  }
  const [few = 0, many = 0] = sizes;
  // The days have other names at most; runs are twenty times as many.
  expect(many - few).toBeLessThan(200);
  await clear();
});

it("The operator's administrators see it, with the names that older systems know", async () => {
  const { token } = await createUser("operator", { role: "admin" });
  const made = await createUserWithSession("dashboard", { tier: "premium" });
  const { data } = await api(token).GET("/api/v1/admin/dashboard");
  const { overview, user_metrics, agent_metrics, system_health, recent_activity } = present(data);
  expect(overview.total_users).toBe(
    Object.values(user_metrics.users_by_tier).reduce((sum, count) => sum + count, 0),
  );
  expect(overview.active_users_30_days).toBeGreaterThanOrEqual(1);
  expect(user_metrics.new_users_this_week).toBeGreaterThanOrEqual(user_metrics.new_users_today);
  expect(agent_metrics.agents_by_type).toMatchObject({ copywriter: 1 });
  expect(system_health).toMatchObject({
    database_status: "healthy",
    queue_status: "healthy",
    kafka_status: "healthy",
  });
  expect(recent_activity).toContainEqual({
    timestamp: expect.any(String),
    type: "user_registration",
    description: `New user registered: ${made.actor.email}`,
    user_id: made.actor.userId,
    client_id: "dashboard",
  });
  const refused = await api((await createUser("dashboard", { role: "admin" })).token).GET(
    "/api/v1/admin/dashboard",
  );
  expect(refused.response.status).toBe(403);
});

it("Dashboard and analytics tell the same of accounts: they are counted in one place", async () => {
  const { token, headers } = await createUser("operator", { role: "admin" });
  await createUser("dashboard", { tier: "basic" });
  const today = Math.floor(Date.now() / 86_400_000);
  const date = (day: number) => new Date(day * 86_400_000).toISOString().split("T", 1).join();
  const path = `/api/v1/admin/analytics/users?start_date=${date(today - 6)}&end_date=${date(today)}`;
  const [dashboard, { totals, by_tier }] = await Promise.all([
    api(token).GET("/api/v1/admin/dashboard"),
    call(path, { headers }).then((answer) => bodyOf<UserAnalytics>(answer, 200)),
  ]);
  const { overview, user_metrics } = present(dashboard.data);
  expect(totals).toMatchObject({
    total_users: overview.total_users,
    new_users: user_metrics.new_users_this_week,
  });
  expect(totals.new_users).toBeGreaterThan(0);
  expect(Object.fromEntries(by_tier.map(({ name, users }) => [name, users]))).toEqual(
    user_metrics.users_by_tier,
  );
});

it("What somebody pays is revenue of the month, and what is given back is none", async () => {
  const { token } = await createUser("operator", { role: "admin" });
  const revenue = async () =>
    present((await api(token).GET("/api/v1/admin/dashboard")).data).overview.total_revenue_mtd;
  const before = await revenue();
  const { customerId } = await payer("dashboard_paid");
  expect((await revenue()) - before).toBeCloseTo(9.99);
  const { body } = await askStripe<{ data: { payment_intent: string }[] }>(
    "GET",
    `/charges?customer=${customerId}`,
  );
  await askStripe("POST", "/refunds", { payment_intent: body.data[0]?.payment_intent ?? "", amount: "500" });
  await expect.poll(async () => (await revenue()) - before).toBeCloseTo(4.99);
});
