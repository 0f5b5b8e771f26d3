import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { forgetLease } from "#src/objects/access-lease.ts";
import { perform } from "#src/operation/perform.ts";
import { findClient } from "#src/tenants/client-repository.ts";
import { sweepGates } from "#src/tenants/tell-gate.ts";
import { updateClient } from "#src/tenants/update-client.ts";
import { call, send } from "../../support/api.ts";
import { tenantObject } from "../../support/objects.ts";
import {
  bodyOf,
  get,
  type Instance,
  makeInstance,
  present,
  projectRun,
  startRun,
} from "../../support/personas.ts";
import { oneTextStep, plan, startRequest } from "../../support/plans.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { createClient, createUser, createUserWithSession, type TestUser } from "../../support/users.ts";

const path = "/api/v1/admin/clients";
const db = database(env.DB);
const admin = () => createUser("operator", { role: "admin" });
const post = (user: TestUser, body: unknown) => send("POST", path, body, user.headers);
const put = (user: TestUser, id: string, body: unknown) => send("PUT", `${path}/${id}`, body, user.headers);
const remove = (user: TestUser, id: string) => send("DELETE", `${path}/${id}`, {}, user.headers);

describe("A client", () => {
  it("is made with an id, a name and settings, closed to registration unless they say otherwise", async () => {
    const user = await admin();
    const body = { client_id: "clients_made", display_name: "Made", settings: { theme: "dark" } };
    const made = await bodyOf(await post(user, body), 201);
    expect(made).toMatchObject({
      client_id: "clients_made",
      display_name: "Made",
      settings: { theme: "dark", registration: "closed" },
      is_active: true,
    });
    expect(await bodyOf(await get(`${path}/clients_made`, user), 200)).toEqual(made);
    const account = { email: "new@test.example", password: "Correct-Horse-9", client_id: "clients_made" };
    expect((await send("POST", "/api/v1/auth/register", account)).status).toBe(403);
  });

  it("has an id of its own: of several made at once one is", async () => {
    const user = await admin();
    const body = { client_id: "clients_twins", display_name: "Twin" };
    const answers = await Promise.all([post(user, body), post(user, body), post(user, body)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it.each<[string, unknown, string]>([
    ["too short an id", { client_id: "ab", display_name: "x" }, "client_id"],
    ["too long an id", { client_id: "a".repeat(51), display_name: "x" }, "client_id"],
    ["an id with a dash", { client_id: "a-b-c", display_name: "x" }, "client_id"],
    ["no name", { client_id: "clients_bad" }, "display_name"],
    [
      "an unknown registration mode",
      { client_id: "clients_bad", display_name: "x", settings: { registration: "maybe" } },
      "settings.registration",
    ],
    [
      "settings over 32 KiB",
      { client_id: "clients_bad", display_name: "x", settings: { x: "x".repeat(40_000) } },
      "settings",
    ],
  ])("is refused with %s", async (_, body, field) => {
    const answer = await post(await admin(), body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ details: { fields: [{ path: field }] } });
  });

  it("is changed in what is given; settings are laid over those there are", async () => {
    const user = await admin();
    await createClient("clients_changed", { registration: "open", theme: { dark: true, accent: "red" } });
    const body = { display_name: "Renamed", settings: { theme: { accent: null } } };
    expect(await bodyOf(await put(user, "clients_changed", body), 200)).toMatchObject({
      display_name: "Renamed",
      settings: { registration: "open", theme: { dark: true } },
    });
    const answers = await Promise.all(
      ["a", "b", "c"].map((key) => put(user, "clients_changed", { settings: { [key]: 1 } })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await bodyOf(await get(`${path}/clients_changed`, user), 200)).toMatchObject({
      settings: { a: 1, b: 1, c: 1, registration: "open" },
    });
  });

  it("that does not exist is not found in any way", async () => {
    const user = await admin();
    const none = `${path}/clients_none`;
    const answers = await Promise.all([
      get(none, user),
      get(`${none}/stats`, user),
      get(`${none}/usage`, user),
      put(user, "clients_none", { display_name: "x" }),
      remove(user, "clients_none"),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
  });

  it("is listed in pages, newest first", async () => {
    const user = await admin();
    for (const n of [1, 2, 3]) await post(user, { client_id: `clients_listed_${n}`, display_name: "x" });
    const page = await bodyOf<{ clients: { client_id: string }[]; count: number; next_cursor: string }>(
      await get(`${path}?limit=2`, user),
      200,
    );
    expect(page.count).toBe(2);
    const rest = await bodyOf<{ clients: { client_id: string }[] }>(
      await get(`${path}?limit=100&cursor=${page.next_cursor}`, user),
      200,
    );
    const ids = [...page.clients, ...rest.clients].map(({ client_id }) => client_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(["clients_listed_1", "clients_listed_2", "clients_listed_3"]));
  });
});

describe("A deactivated client", () => {
  it("signs its users out at once and lets nobody in, until it is active again", async () => {
    const user = await admin();
    await createClient("clients_off");
    const account = { email: "off@test.example", password: "Correct-Horse-9", client_id: "clients_off" };
    const { access_token } = await bodyOf<{ access_token: string }>(
      await send("POST", "/api/v1/auth/register", account),
      201,
    );
    const member = { headers: { authorization: `Bearer ${access_token}` } };
    const profile = () => fetchStatus("/api/v1/user/profile", member.headers);
    const login = async () =>
      (await send("POST", "/api/v1/auth/login", { email: account.email, password: account.password })).status;
    expect([await profile(), await login()]).toEqual([200, 200]);

    expect((await remove(user, "clients_off")).status).toBe(204);
    expect([await profile(), await login()]).toEqual([401, 401]);
    const another = { ...account, email: "another@test.example" };
    expect((await send("POST", "/api/v1/auth/register", another)).status).toBe(404);
    expect(await bodyOf(await get(`${path}/clients_off`, user), 200)).toMatchObject({ is_active: false });
    expect((await remove(user, "clients_off")).status).toBe(204);

    await bodyOf(await put(user, "clients_off", { is_active: true }), 200);
    expect([await profile(), await login()]).toEqual([200, 200]);
  });

  it("has no socket open any more", async () => {
    const member = await createUserWithSession("clients_sockets");
    const { webSocket } = await call("/api/v1/ws", { headers: { ...member.headers, upgrade: "websocket" } });
    const socket = present(webSocket);
    socket.accept();
    const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve));
    expect((await remove(await admin(), "clients_sockets")).status).toBe(204);
    expect((await closed).reason).toBe("The tenant has been switched off");
  });

  it("is shut out by the sweep when a crash kept its gate from hearing", async () => {
    const { actor } = await admin();
    const member = await createUser("clients_crash");
    const { objects } = testPlatform();
    const gate = (clientId: string) => ({
      ...objects.gate(clientId),
      setTenantActive: () => Promise.reject(new Error("crashed")),
    });
    const deaf = testPlatform({ objects: { ...objects, gate } });
    const switchedOff = { params: { client_id: "clients_crash" }, body: { is_active: false } };
    await expect(perform(updateClient, deaf, actor, switchedOff)).rejects.toThrow("crashed");
    expect(await findClient(db, "clients_crash")).toMatchObject({ isActive: false, gatePending: true });
    expect((await get("/api/v1/user/profile", member)).status).toBe(200);
    await sweepGates(testPlatform());
    forgetLease("clients_crash");
    expect((await get("/api/v1/user/profile", member)).status).toBe(401);
    expect(await findClient(db, "clients_crash")).toMatchObject({ gatePending: false });
  });

  it("executes nothing any more, whatever it was doing, until it is switched on again", async () => {
    const clientId = "clients_busy";
    const owner = await createUser(clientId);
    const { id } = await makeInstance(owner);
    const runs = await Promise.all([startRun(owner, id), startRun(owner, id)]);
    const operator = await admin();
    expect((await remove(operator, clientId)).status).toBe(204);
    const tenant = tenantObject(clientId);
    for (const run of runs) {
      expect(valueOrThrow(await tenant.getRun(run, "tenant"))).toMatchObject({
        status: "cancelled",
        error: { code: "CANCELLED", message: "The client was switched off" },
      });
    }
    expect(await tenant.describe()).toMatchObject({ activeRuns: 0, openTasks: 0 });
    // A token that an isolate still believes in for a moment starts nothing.
    const late = startRequest(clientId, { plan: oneTextStep });
    expect(await tenant.startRun(late)).toMatchObject({ ok: false, code: "TOKEN_INVALID" });
    expect((await put(operator, clientId, { is_active: true })).status).toBe(200);
    expect(await tenant.startRun(late)).toMatchObject({ ok: true });
  });

  it("has more runs cancelled than fit into one call", async () => {
    const clientId = "clients_very_busy";
    await createUser(clientId);
    const tenant = tenantObject(clientId);
    for (let index = 0; index < 201; index++)
      await tenant.startRun(startRequest(clientId, { plan: oneTextStep }));
    expect((await remove(await admin(), clientId)).status).toBe(204);
    expect(await tenant.describe()).toMatchObject({ activeRuns: 0, openTasks: 0 });
  });

  it("is switched off by the operator's administrators: others see and change their own only", async () => {
    await createUser("clients_other");
    const own = await createUser("clients_one", { role: "admin" });
    expect((await remove(own, "clients_other")).status).toBe(404);
    expect((await put(own, "clients_other", { display_name: "Ours" })).status).toBe(404);
    expect((await get(`${path}/clients_other`, own)).status).toBe(404);
    expect(
      (await send("POST", path, { client_id: "clients_mine", display_name: "M" }, own.headers)).status,
    ).toBe(403);
    const { clients } = await bodyOf<{ clients: { client_id: string }[] }>(await get(path, own), 200);
    expect(clients.map(({ client_id }) => client_id)).toEqual(["clients_one"]);
    expect((await put(own, "clients_one", { display_name: "One" })).status).toBe(200);
  });

  it("is never one's own", async () => {
    const user = await admin();
    expect((await remove(user, "operator")).status).toBe(400);
    expect((await put(user, "operator", { is_active: false })).status).toBe(400);
    expect((await get(path, user)).status).toBe(200);
  });
});

describe("A client's statistics", () => {
  it("count what is there, and nothing of other clients", async () => {
    const user = await admin();
    const now = Date.now();
    for (const clientId of ["clients_stats", "clients_stats_other"]) {
      const owner = await createUser(clientId);
      const { id } = await makeInstance(owner);
      const { id: disabled } = await makeInstance(owner);
      const { id: deleted } = await makeInstance(owner);
      await send("PUT", `/api/v1/admin/agents/${disabled}/status`, { is_active: false }, user.headers);
      await send("DELETE", `/api/v1/personas/instances/${deleted}`, {}, owner.headers);
      await projectRun(owner, id, { created_at: now, fuel_spent: 30 });
      await projectRun(owner, id, { created_at: now - 40 * 86_400_000, fuel_spent: 12 });
      const remember = plan("keep", {
        keep: { action: "store_memory", input: { content: "Tea is green" } },
      });
      const tenant = tenantObject(clientId);
      await tenant.startRun(
        startRequest(clientId, { plan: remember, config: { memory_config: { enabled: true } } }),
      );
    }
    for (const view of ["stats", "usage"]) {
      expect(await bodyOf(await get(`${path}/clients_stats/${view}`, user), 200)).toEqual({
        client_id: "clients_stats",
        // The owner, and one administrator for each template that was made.
        total_users: 4,
        active_users: 4,
        total_instances: 2,
        active_instances: 1,
        total_workflows: 2,
        workflows_last_30_days: 1,
        total_memory_entries: 1,
        total_fuel_consumed: 42,
      });
    }
  });

  it("of a client without anything are all zero", async () => {
    await createClient("clients_empty");
    const stats = await bodyOf<Record<string, unknown>>(
      await get(`${path}/clients_empty/stats`, await admin()),
      200,
    );
    const { client_id, ...counts } = stats;
    expect(client_id).toBe("clients_empty");
    expect(new Set(Object.values(counts))).toEqual(new Set([0]));
  });
});

describe("The config of a client's instance", () => {
  it("is changed by administrators of the platform, where the client and the instance belong together", async () => {
    const user = await admin();
    const owner = await createUser("clients_config");
    const { id } = await makeInstance(owner);
    const config = (client: string, body: unknown = { config: { temperature: 0 } }) =>
      send("PUT", `${path}/${client}/instances/${id}/config`, body, user.headers);
    expect(await bodyOf<Instance>(await config("clients_config"), 200)).toMatchObject({
      config: { temperature: 0, max_tokens: 1024 },
    });
    expect((await config("clients_operators")).status).toBe(404);
    expect((await config("clients_config", { config: { temperature: 9 } })).status).toBe(400);
    expect((await config("clients_config", {})).status).toBe(400);
  });
});

describe("Clients", () => {
  it.each(["user", "moderator"] as const)("are none of a %s's business", async (role) => {
    const user = await createUser("clients_curious", { role });
    const own = `${path}/clients_curious`;
    const answers = await Promise.all([
      get(path, user),
      get(own, user),
      get(`${own}/stats`, user),
      get(`${own}/usage`, user),
      post(user, { client_id: "clients_mine", display_name: "Mine" }),
      put(user, "clients_curious", { display_name: "Mine" }),
      remove(user, "clients_curious"),
    ]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
  });
});

const fetchStatus = async (target: string, headers: Record<string, string>) =>
  (await send("GET", target, undefined, headers)).status;
