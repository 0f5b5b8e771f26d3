import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { writeMessages } from "#src/read-models/write-messages.ts";
import {
  account,
  anotherSession,
  auditedActions,
  identity,
  logIn,
  password,
  signedIn,
  statusOf,
} from "#tests/support/accounts.ts";
import { call, send } from "#tests/support/api.ts";
import { tenantObject } from "#tests/support/objects.ts";
import { bodyOf, eventOf, makeInstance, projectRun } from "#tests/support/personas.ts";
import { plan, startRequest } from "#tests/support/plans.ts";
import { createUser } from "#tests/support/users.ts";
import { runJobs } from "#workers/gateway/jobs.ts";

type Owner = Awaited<ReturnType<typeof signedIn>>;

const remove = (owner: Pick<Owner, "headers">, body: Record<string, unknown> = {}): Promise<Response> =>
  send(
    "DELETE",
    "/api/v1/user/delete",
    { password, confirmation: "DELETE MY ACCOUNT", ...body },
    owner.headers,
  );

/** A run that waits for its owner's word. */
const startWaitingRun = async (owner: { id: string; clientId: string }) => {
  const waiting = plan("ask", { ask: { action: "pause_for_human_input" } });
  const started = await tenantObject(owner.clientId).startRun(
    startRequest(owner.clientId, { plan: waiting, userId: owner.id }),
  );
  if (!started.ok) throw new Error(started.message);
  return started.value.correlationId;
};

const statusOfRun = async (clientId: string, id: string) => {
  const run = await tenantObject(clientId).getRun(id, "tenant");
  return run.ok ? run.value.status : run.code;
};

describe("DELETE /user/delete", () => {
  it("makes sign-in impossible and ends every session at once, access and refresh tokens", async () => {
    const owner = await signedIn("delete_now");
    const other = await anotherSession(owner.id);
    expect((await remove(owner)).status).toBe(200);
    expect([await statusOf(owner.headers), await statusOf(other.headers)]).toEqual([401, 401]);
    for (const { refreshToken } of [owner, other]) {
      const refreshed = await send("POST", "/api/v1/auth/refresh", { refresh_token: refreshToken });
      expect(refreshed.status).toBe(401);
    }
    expect((await logIn(owner.email)).status).toBe(401);
  });

  it("closes the account's sockets", async () => {
    const owner = await signedIn("delete_sockets");
    const { webSocket } = await call("/ws", { headers: { ...owner.headers, upgrade: "websocket" } });
    webSocket?.accept();
    const closed = new Promise<number>((resolve) =>
      webSocket?.addEventListener("close", ({ code }) => resolve(code)),
    );
    await remove(owner);
    expect(await closed).toBe(4001);
  });

  it("ends the subscription, tells the tenant and keeps the reason", async () => {
    const owner = await signedIn("delete_traces");
    await remove(owner, { reason: "Moving on" });
    const subscription = await env.DB.prepare("SELECT status FROM subscriptions WHERE user_id = ?")
      .bind(owner.id)
      .first("status");
    expect(subscription).toBe("canceled");
    await eventOf(owner.clientId, "user.deleted", ({ entity_id }) => entity_id === owner.id);
    await eventOf(owner.clientId, "subscription.cancelled", ({ entity_id }) => entity_id === owner.id);
    const entry = await env.DB.prepare(
      "SELECT actor_id, details FROM audit_log WHERE target_id = ? AND action = 'user.deleted'",
    )
      .bind(owner.id)
      .first<{ actor_id: string; details: string }>();
    expect(entry?.actor_id).toBe(owner.id);
    expect(JSON.parse(entry?.details ?? "")).toEqual({ reason: "Moving on" });
  });

  it("ends the subscription also when no session is left to end", async () => {
    const owner = await signedIn("delete_sessionless");
    await env.DB.prepare("UPDATE sessions SET revoked_at = 1 WHERE user_id = ?").bind(owner.id).run();
    expect((await remove(owner)).status).toBe(200);
    const row = env.DB.prepare("SELECT status FROM subscriptions WHERE user_id = ?").bind(owner.id);
    expect(await row.first("status")).toBe("canceled");
  });

  it("refuses a wrong password, and changes nothing", async () => {
    const owner = await signedIn("delete_wrong");
    const answer = await remove(owner, { password: "Wrong-Horse-9" });
    expect(await bodyOf(answer, 401)).toMatchObject({ error: "INVALID_CREDENTIALS" });
    expect(await statusOf(owner.headers)).toBe(200);
    expect(await auditedActions(owner.id)).toEqual(["session.opened"]);
  });

  it("counts wrong passwords like failed sign-ins", async () => {
    const owner = await signedIn("delete_guessing");
    const statuses: number[] = [];
    for (let count = 0; count < 6; count++) {
      statuses.push((await remove(owner, { password: "Wrong-Horse-9" })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it.each([["delete my account"], [""], [true], [undefined]])(
    "refuses %j as confirmation, naming the field",
    async (confirmation) => {
      const owner = await signedIn("delete_unconfirmed");
      expect(await bodyOf(await remove(owner, { confirmation }), 400)).toMatchObject({
        error: "VALIDATION_ERROR",
        details: { fields: [{ path: "confirmation" }] },
      });
      expect(await statusOf(owner.headers)).toBe(200);
    },
  );

  it("happens once, however often it is asked for at the same time", async () => {
    const owner = await signedIn("delete_twice");
    const statuses = (await Promise.all([1, 2, 3].map(() => remove(owner)))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    const actions = await auditedActions(owner.id);
    expect(actions.filter((action) => action === "user.deleted")).toHaveLength(1);
  });

  it("keeps the last administrator, also when the last two leave at the same moment", async () => {
    const admins = [
      await signedIn("delete_admins", { role: "admin" }),
      await signedIn("delete_admins", { role: "admin" }),
    ];
    await env.DB.prepare(
      "UPDATE users SET is_active = 0 WHERE role = 'admin' AND client_id <> 'delete_admins'",
    ).run();
    const answers = await Promise.all(admins.map((admin) => remove(admin)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(await refused?.json()).toMatchObject({
      error: "CONFLICT",
      message: "The last administrator's account cannot be deleted",
    });
  });

  it("sets the address free: it can be registered again, and is somebody new", async () => {
    const owner = await signedIn("delete_again");
    await send("POST", "/api/v1/projects", { name: "Old" }, owner.headers);
    await remove(owner);
    const again = { email: owner.email, password: "Another-Horse-8", client_id: owner.clientId };
    const made = await bodyOf<{ access_token: string; user: { id: string } }>(
      await send("POST", "/api/v1/auth/register", again),
      201,
    );
    expect(made.user.id).not.toBe(owner.id);
    const headers = { authorization: `Bearer ${made.access_token}` };
    expect(await (await call("/api/v1/projects", { headers })).json()).toMatchObject({ count: 0 });
    expect((await logIn(owner.email)).status).toBe(401);
  });

  it("cancels what the account executes, and nothing of others", async () => {
    const [owner, neighbour] = [await signedIn("delete_runs"), await account("delete_runs")];
    const [mine, theirs] = [await startWaitingRun(owner), await startWaitingRun(neighbour)];
    await remove(owner);
    expect(await statusOfRun("delete_runs", mine)).toBe("cancelled");
    expect(await statusOfRun("delete_runs", theirs)).toBe("paused");
  });

  it("by an administrator cancels what the account executes as well", async () => {
    const owner = await account("delete_by_admin");
    const run = await startWaitingRun(owner);
    const admin = await createUser("delete_by_admin", { role: "admin" });
    const path = `/api/v1/admin/users/${owner.id}`;
    expect((await call(path, { method: "DELETE", headers: admin.headers })).status).toBe(204);
    expect(await statusOfRun("delete_by_admin", run)).toBe("cancelled");
  });
});

describe("The sweep", () => {
  it("cancels runs that were missed when their owner's account was deleted", async () => {
    const owner = await createUser("delete_missed");
    const { userId, clientId } = owner.actor;
    const instance = await makeInstance(owner);
    const run = await startWaitingRun({ id: userId, clientId });
    const copy = await projectRun(owner, instance.id, { created_at: Date.now() });
    const known = { ...copy, id: run, correlation_id: run, status: "paused", completed_at: null } as const;
    await writeMessages(identity.db, [known]);
    await runJobs(env, Date.now());
    expect(await statusOfRun(clientId, run)).toBe("paused");
    await env.DB.prepare("UPDATE users SET deleted_at = ? WHERE id = ?").bind(Date.now(), userId).run();
    await runJobs(env, Date.now());
    expect(await statusOfRun(clientId, run)).toBe("cancelled");
  });
});
