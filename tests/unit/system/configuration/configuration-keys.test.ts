import { createExecutionContext, evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createApp } from "#workers/gateway/app.ts";
import { send } from "../../../support/api.ts";
import { closeBreakers } from "../../../support/breakers.ts";
import { configure, configureNothing } from "../../../support/configuration.ts";
import { circuitBreaker } from "../../../support/objects.ts";
import { bodyOf, execute, get, makeInstance, startRun } from "../../../support/personas.ts";
import { plan } from "../../../support/plans.ts";
import { deliver, sandboxBinding, startedTask } from "../../../support/tasks.ts";
import { createClient, createUser } from "../../../support/users.ts";

afterEach(configureNothing);

const register = (email: string, client_id: string) =>
  send("POST", "/api/v1/auth/register", { email, password: "Correct-Horse-9", client_id });

it("registration_open: false closes a tenant that is open for registration, until it is true again", async () => {
  await createClient("open_or_not");
  await configure({ registration_open: false });
  const closed = await register("early@open.example", "open_or_not");
  expect(closed.status).toBe(403);
  expect(await closed.json()).toMatchObject({ error: "REGISTRATION_CLOSED" });
  await configure({ registration_open: true });
  expect((await register("late@open.example", "open_or_not")).status).toBe(201);
});

it("executions_open: false lets no execution begin, and those that run go on", async () => {
  const user = await createUser("executions_or_not");
  const { id } = await makeInstance(user);
  const run = await startRun(user, id);
  await configure({ executions_open: false });
  const refused = await execute(user, id);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ error: "MAINTENANCE" });
  const running = await bodyOf<{ status: string }>(await get(`/api/v1/personas/runs/${run}`, user), 200);
  expect(running.status).toBe("running");
  await configure({ executions_open: true });
  await startRun(user, id);
});

it("fuel_budgets: what an execution of a tier may spend, in the place of the tier's own", async () => {
  const user = await createUser("other_budgets", { tier: "free" });
  const { id } = await makeInstance(user);
  const budget = async (body: unknown) => {
    const run = await startRun(user, id, body);
    const { fuel } = await bodyOf<{ fuel: { budget: number } }>(
      await get(`/api/v1/personas/runs/${run}`, user),
      200,
    );
    return fuel.budget;
  };
  const input = { topic: "tea" };
  expect(await budget({ input })).toBe(100);
  await configure({ fuel_budgets: { free: 130, premium: 7 } });
  expect(await budget({ input })).toBe(130);
  expect(await budget({ input, fuel_budget: 1000 })).toBe(130);
  expect(await budget({ input, fuel_budget: 40 })).toBe(40);
});

it("log_level: what is logged, in the place of the setting LOG_LEVEL", async () => {
  const app = createApp();
  const linesOf = async () => {
    const info = vi.spyOn(console, "info").mockImplementation(() => undefined);
    await app.fetch(new Request("http://platform.test/health"), env, createExecutionContext());
    const lines = info.mock.calls.length;
    info.mockRestore();
    return lines;
  };
  // The tests' own setting is `warn`.
  expect(await linesOf()).toBe(0);
  await configure({ log_level: "info" });
  await vi.waitUntil(async () => (await linesOf()) === 1);
  await configure({ log_level: null });
  await vi.waitUntil(async () => (await linesOf()) === 0);
});

describe("providers_off", () => {
  beforeEach(closeBreakers);
  const search = plan("find", { find: { action: "web_search", input: { query: "tea" } } });
  const isOff = async (provider: string) => (await circuitBreaker(provider).view()).isOff;

  it("has tasks of a provider wait, unharmed, until it is on again", async () => {
    const { envelope, view } = await startedTask("provider_off", search);
    await configure({ providers_off: ["serpapi"] });
    await expect.poll(() => isOff("serpapi")).toBe(true);
    // The isolate may still hold its two-second belief that calls may go out.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3000 });
    const asked = sandboxBinding();
    await deliver("adapters", [envelope("find")], asked);
    expect(asked.calls).toEqual([]);
    expect(await view()).toMatchObject({ status: "running" });
    await configure({ providers_off: [] });
    await expect.poll(() => isOff("serpapi")).toBe(false);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 40_000 });
    await deliver("adapters", [envelope("find")], asked);
    expect(asked.calls).toHaveLength(1);
    expect((await view()).status).toBe("completed");
    vi.useRealTimers();
  });

  it("leaves the other providers on, and stays so when a breaker is restarted", async () => {
    await configure({ providers_off: ["stability"] });
    await expect.poll(() => isOff("stability")).toBe(true);
    await evictDurableObject(env.CIRCUIT_BREAKER.getByName("stability"));
    expect([await isOff("stability"), await isOff("serpapi")]).toEqual([true, false]);
  });

  it("counts as it was set last, whatever order breakers hear it in", async () => {
    await circuitBreaker("serpapi").switchOff(false, 1_000_001);
    await circuitBreaker("serpapi").switchOff(true, 1_000_000);
    expect(await isOff("serpapi")).toBe(false);
  });
});
