import { beforeAll, describe, expect, it } from "vitest";
import { topicListSchema } from "#src/system/schemas.ts";
import { call, send } from "../support/api.ts";
import { configure, configureNothing } from "../support/configuration.ts";
import { type TenantWorld, tenantWorld } from "../support/tenant-world.ts";
import { createUser, type TestUser } from "../support/users.ts";

let world: TenantWorld;
let admin: TestUser;
beforeAll(async () => {
  world = await tenantWorld("older_fields");
  admin = await createUser("operator", { role: "admin" });
});

const get = async (path: string, headers: Record<string, string> = admin.headers): Promise<unknown> =>
  (await call(`/api/v1${path}`, { headers })).json();
const anything = expect.anything();
/** Something with fields that say something. */
const fields = (names: string) =>
  expect.objectContaining(Object.fromEntries(names.split(" ").map((name) => [name, anything])));

const olderTopics = [
  "orchestrator.state-changes",
  "human.approvals",
  "system.events",
  "system.notifications.ui",
  "system.commands.workflow.resume",
  "system.agent.reasoning.process",
  "system.adapter.image.generate",
  "system.adapter.web.search",
  "system.agent.generic.process",
  "system.tasks.copywriter",
  "system.tasks.researcher",
  "system.tasks.content-creator",
  "system.tasks.multimedia-creator",
];

describe("What the older documents name stands beside ours", () => {
  it("a password that is refused has its code", async () => {
    const body = { email: "weak@older.example", password: "weak", client_id: "older_fields" };
    const answer = await send("POST", "/api/v1/auth/register", body);
    expect(await answer.json()).toMatchObject({ error: "VALIDATION_ERROR", code: "USER003" });
    const same = { ...body, password: "Weak1@older.example", email: "Weak1@older.example" };
    expect(await (await send("POST", "/api/v1/auth/register", same)).json()).toMatchObject({
      code: "USER003",
    });
    const nameless = await send("POST", "/api/v1/auth/register", {
      ...body,
      password: "Correct-Horse-9",
      email: "",
    });
    expect(await nameless.json()).not.toHaveProperty("code");
  });

  it("tiers", async () => {
    const premium = { id: "tier_premium", display_name: "Premium", is_active: true, features: anything };
    expect(await get("/subscription/tiers")).toMatchObject({
      tiers: expect.arrayContaining([expect.objectContaining(premium)]),
    });
  });

  it("subscriptions and sessions", async () => {
    expect(await get("/subscription", world.owner.headers)).toMatchObject({ cancelled_at: null });
    expect(await get("/user/sessions", world.owner.headers)).toMatchObject({
      sessions: [{ is_active: true, ip_address: anything }],
    });
  });

  it("the details of an account, sorted lists of accounts, and its audit's period", async () => {
    const { userId } = world.owner;
    expect(await get(`/admin/users/${userId}`)).toMatchObject({ user: { profile: { user_id: userId } } });
    for (const key of ["role", "tier"]) {
      expect(await get(`/admin/users?sort_by=${key}&limit=2`)).toMatchObject({ users: anything });
    }
    expect(await get(`/admin/users/${userId}/audit`)).toMatchObject({
      period: { start: anything, end: anything },
    });
  });

  it("sessions end without a body", async () => {
    const somebody = await createUser("older_fields");
    const path = `/api/v1/admin/users/${somebody.actor.userId}/sessions`;
    const answer = await call(path, { method: "DELETE", headers: admin.headers });
    expect(await answer.json()).toMatchObject({ sessions_ended: 0, sessions_affected: 0 });
  });

  it("instances, executions and agents", async () => {
    const { ids, owner } = world;
    const path = `/personas/instances/${ids.instance_id}`;
    expect(await get(path, owner.headers)).toMatchObject({ category: anything, description: anything });
    expect(await get(`${path}/history`, owner.headers)).toMatchObject({
      runs: expect.arrayContaining([expect.objectContaining({ id: ids.correlation_id })]),
    });
    expect(await get(`/admin/agents/${ids.instance_id}`)).toMatchObject({
      agent: { health: { last_check_time: anything } },
    });
  });

  it("a run among the workflows leads to the run", async () => {
    const { correlation_id } = world.ids;
    const path = `/api/v1/admin/workflows/${correlation_id}`;
    const answer = await call(path, { headers: admin.headers, redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([
      307,
      `/api/v1/admin/workflows/runs/${correlation_id}`,
    ]);
    const none = `/api/v1/admin/workflows/${crypto.randomUUID()}`;
    expect((await call(none, { headers: admin.headers })).status).toBe(404);
  });

  it("the dashboard", async () => {
    expect(await get("/admin/dashboard")).toMatchObject({
      overview: fields(
        "total_clients total_users active_users_30_days total_agent_instances total_workflows success_rate total_revenue_mtd",
      ),
      user_metrics: fields("users_by_tier new_users_today new_users_this_week churn_rate_monthly"),
      agent_metrics: fields("agents_by_type most_used_agents avg_response_time_ms"),
      usage_metrics: {
        total_fuel_consumed: anything,
        fuel_by_agent_type: anything,
        api_calls_today: expect.any(Number),
        // Nobody has measured it yet.
        storage_used_gb: null,
      },
      system_health: fields(
        "database_status kafka_status average_latency_ms error_rate_percent active_workflows queue_depth",
      ),
      recent_activity: expect.arrayContaining([fields("timestamp type description user_id client_id")]),
    });
  });

  it("the system's status, with its breakers", async () => {
    const service = { name: "persona-gateway", status: anything, version: anything, uptime: anything };
    expect(await get("/admin/system/status")).toMatchObject({
      status: anything,
      timestamp: anything,
      services: { "persona-gateway": service },
      databases: { d1: fields("name status active_connections size") },
      kafka: fields("status broker_count topic_count total_consumer_lag"),
      breakers: { stability: fields("adapter circuit_breaker circuit_counts") },
    });
  });

  it("log lines: a request's has user, address and agent", async () => {
    await configure({ log_level: "info" });
    // Now this isolate knows.
    await get("/admin/clients");
    await get("/admin/clients", { ...admin.headers, "user-agent": "an older console" });
    const line = {
      timestamp: anything,
      service: "gateway",
      level: "info",
      message: "request",
      metadata: expect.objectContaining({
        user_id: admin.actor.userId,
        client_id: "operator",
        address: anything,
        agent: "an older console",
      }),
    };
    await expect
      .poll(() => get("/admin/system/logs?service=gateway&level=info&limit=1000"))
      .toMatchObject({
        logs: expect.arrayContaining([line]),
        total: expect.any(Number),
        query: { service: "gateway", level: "info", limit: 1000 },
      });
    await configureNothing();
  });

  it("topics", async () => {
    const { topics, count } = topicListSchema.parse(await get("/admin/system/kafka/topics?limit=100"));
    expect(topics).toHaveLength(count);
    expect(topics.map(({ topic }) => topic)).toEqual(expect.arrayContaining(olderTopics));
  });

  it("agent types", async () => {
    for (const type of ["content-creator", "multimedia-creator"]) {
      expect(await get(`/admin/agent-definitions/${type}`)).toMatchObject({ type, is_active: true });
    }
  });
});
