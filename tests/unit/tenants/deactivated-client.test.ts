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
import { bodyOf, get, makeInstance, present, startRun } from "../../support/personas.ts";
import { oneTextStep, startRequest } from "../../support/plans.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { createClient, createUser, createUserWithSession } from "../../support/users.ts";
import { admin, path, put, remove } from "./clients.ts";

const db = database(env.DB);

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

const fetchStatus = async (target: string, headers: Record<string, string>) =>
  (await send("GET", target, undefined, headers)).status;
