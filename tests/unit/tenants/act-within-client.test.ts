import { describe, expect, it } from "vitest";
import { api, send } from "../../support/api.ts";
import { bodyOf, get } from "../../support/personas.ts";
import { createClient, createUser, createUserWithSession, type TestUser } from "../../support/users.ts";
import { admin, path } from "./clients.ts";

const act = (user: TestUser, client: string, headers: Record<string, string> = {}) =>
  send("POST", `${path}/${client}/act`, {}, { ...user.headers, ...headers });

interface Acting {
  access_token: string;
  client_id: string;
  expires_in: number;
}

/** An administrator of the operator's, within a tenant of its own that has one account. */
async function within(client: string) {
  await createClient(client);
  const resident = await createUser(client, { role: "admin" });
  const operator = await createUserWithSession("operator", { role: "admin" });
  const { access_token: token } = await bodyOf<Acting>(await act(operator, client), 200);
  const user: TestUser = { ...operator, token, headers: { authorization: `Bearer ${token}` } };
  return { resident, operator, token, user };
}

interface Log {
  entries: { action: string; actor_id: string; details: { operation?: string } }[];
}

const logOf = async (user: TestUser) =>
  (await bodyOf<Log>(await get("/api/v1/admin/audit", user), 200)).entries;

describe("Within a tenant", () => {
  it("the operator's administrators administer that one alone, for a quarter of an hour at most", async () => {
    const { resident, operator, user, token } = await within("within_one");
    const { users } = await bodyOf<{ users: { id: string }[] }>(await get("/api/v1/admin/users", user), 200);
    expect(users.map(({ id }) => id)).toEqual([resident.actor.userId]);
    const { clients } = await bodyOf<{ clients: { client_id: string }[] }>(await get(path, user), 200);
    expect(clients.map(({ client_id }) => client_id)).toEqual(["within_one"]);
    expect((await get(`/api/v1/admin/users/${operator.actor.userId}`, user)).status).toBe(404);
    expect((await get("/api/v1/admin/users?client_id=operator", user)).status).toBe(403);
    const session = await bodyOf(await get("/api/v1/auth/session", user), 200);
    expect(session).toMatchObject({ client_id: "within_one", scope: "tenant", acts_from: "operator" });
    const payload: unknown = JSON.parse(atob(token.split(".")[1] ?? ""));
    expect(payload).toMatchObject({ client_id: "within_one", sid: operator.actor.sessionId });
    expect((await bodyOf<Acting>(await act(operator, "within_one"), 200)).expires_in).toBe(900);
  });

  it.each([
    ["GET", "/api/v1/user/profile"],
    ["GET", "/api/v1/user/sessions"],
    ["GET", "/api/v1/personas/runs"],
    ["GET", "/api/v1/personas/instances"],
    ["GET", "/api/v1/approvals"],
    ["GET", "/api/v1/user/data-export"],
    ["GET", "/api/v1/admin/system/status"],
    ["GET", "/api/v1/admin/dashboard"],
    ["POST", "/api/v1/ws/ticket"],
    ["POST", "/api/v1/admin/clients/within_two/act"],
  ])(
    "there is nothing of one's own, no socket, and nothing of the platform's: %s %s",
    async (method, where) => {
      const { user } = await within("within_two");
      const answer = await send(method, where, method === "GET" ? undefined : {}, user.headers);
      expect(await bodyOf(answer, 403)).toMatchObject({
        message: expect.stringMatching(/^Within another tenant/),
      });
    },
  );

  it("who came and what they changed stands in its audit log, where its own administrators read it", async () => {
    const { resident, operator, user } = await within("within_log");
    await bodyOf(await get("/api/v1/admin/users", user), 200);
    expect((await logOf(resident)).map(({ action }) => action)).toEqual(["client.entered"]);
    const rule = { name: "Insults", words: ["nincompoop"], action: "hold" };
    await bodyOf(await send("POST", "/api/v1/admin/moderation/rules", rule, user.headers), 201);
    const log = await logOf(resident);
    expect(log).toHaveLength(3);
    expect(log.every(({ actor_id }) => actor_id === operator.actor.userId)).toBe(true);
    expect(log.find(({ action }) => action === "client.acted_within")?.details).toEqual({
      operation: "createModerationRule",
      acts_from: "operator",
    });
  });

  it("somebody is no longer than their session, which is known at home", async () => {
    const { operator, user } = await within("within_ended");
    expect((await get("/api/v1/admin/users", user)).status).toBe(200);
    await send("POST", "/api/v1/auth/logout", {}, operator.headers);
    await expect.poll(async () => (await get("/api/v1/admin/users", user)).status).toBe(401);
  });

  it("a key of a call is another than the same one at home", async () => {
    const { operator, user } = await within("within_keys");
    const rule = { name: "Said twice", words: ["nincompoop"], action: "hold" };
    const make = (headers: Record<string, string>) =>
      send("POST", "/api/v1/admin/moderation/rules", rule, { ...headers, "idempotency-key": "one" });
    const home = await bodyOf<{ id: string }>(await make(operator.headers), 201);
    const there = await bodyOf<{ id: string }>(await make(user.headers), 201);
    expect(there.id).not.toBe(home.id);
    expect((await bodyOf<{ id: string }>(await make(user.headers), 201)).id).toBe(there.id);
  });

  it("nobody else comes, and nobody within their own or one that is not there", async () => {
    await createClient("within_closed");
    const strangers = [
      await createUser("within_other", { role: "admin" }),
      await createUser("within_closed", { role: "admin" }),
      await createUser("operator", { role: "moderator" }),
      await createUser("operator", { permissions: ["*"] }),
      await createUser("operator"),
    ];
    for (const stranger of strangers) expect((await act(stranger, "within_closed")).status).toBe(403);
    expect((await act(await admin(), "within_nowhere")).status).toBe(404);
    expect((await act(await admin(), "operator")).status).toBe(400);
    const params = { path: { client_id: "within_closed" } };
    expect((await api().POST("/api/v1/admin/clients/{client_id}/act", { params })).response.status).toBe(401);
  });
});
