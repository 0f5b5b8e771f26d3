import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { call, send } from "../../support/api.ts";
import { tenantObject } from "../../support/objects.ts";
import { bodyOf, makeInstance } from "../../support/personas.ts";
import { createUser } from "../../support/users.ts";
import { ask, auditOf, operator, path, registered, signIn, useToken } from "./accounts.ts";

interface List {
  users: { id: string; email: string; role: string; is_active: boolean }[];
  total_count: number;
  page: number;
  page_size: number;
  total_pages: number;
}

const nobody = "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c";
const listed = async (query: string) => bodyOf<List>(await ask(await operator(), "GET", `?${query}`), 200);
const idsOf = ({ users }: List) => users.map(({ id }) => id);

const eventsOf = async (clientId: string) =>
  (await tenantObject(clientId).readEvents({ since: 0, limit: 100 })).events.map(({ event }) => event);

describe("GET /admin/users", () => {
  it("pages through accounts, the newest first, with totals", async () => {
    const made: string[] = [];
    for (let count = 0; count < 3; count++) made.unshift((await createUser("list_pages")).actor.userId);
    const first = await listed("client_id=list_pages&page_size=2");
    expect(first).toMatchObject({ total_count: 3, page: 1, page_size: 2, total_pages: 2 });
    const second = await listed("client_id=list_pages&page_size=2&page=2");
    expect([...idsOf(first), ...idsOf(second)]).toEqual(made);
    expect(await listed("client_id=list_pages&page_size=2&page=3")).toMatchObject({
      users: [],
      total_count: 3,
    });
  });

  it("finds a part of an address in whatever letters, and takes % and _ as they are", async () => {
    const called = async (email: string) => {
      const { userId } = (await createUser("list_email")).actor;
      await env.DB.prepare("UPDATE users SET email = ? WHERE id = ?").bind(email, userId).run();
      return userId;
    };
    const odd = await called("odd_100%@list.example");
    const plain = await called("oddx1000@list.example");
    expect(idsOf(await listed("client_id=list_email&email=ODD"))).toEqual([plain, odd]);
    expect(idsOf(await listed("client_id=list_email&email=d_1"))).toEqual([odd]);
    expect(idsOf(await listed("client_id=list_email&email=100%25"))).toEqual([odd]);
    for (const [part, found] of [
      ["0%25", [odd]],
      ["_1", [odd]],
      ["%25", [odd]],
      ["dx1", [plain]],
      ["d_x", []],
    ] as const) {
      expect(idsOf(await listed(`client_id=list_email&email=${part}`)), part).toEqual(found);
    }
    for (const part of ['"odd"', "odd*", "odd OR", "NOT odd", "email:odd", "^odd", "'"]) {
      const found = await listed(`client_id=list_email&email=${encodeURIComponent(part)}`);
      expect(found.total_count, part).toBe(0);
    }
    expect((await ask(await operator(), "GET", "?email=odd%00")).status).toBe(400);
  });

  it("finds an address that has changed under the new one only", async () => {
    const { userId } = (await createUser("list_changed")).actor;
    const change = (email: string) =>
      env.DB.prepare("UPDATE users SET email = ? WHERE id = ?").bind(email, userId).run();
    await change('quoted"former@list.example');
    await change("latter@list.example");
    const found = async (part: string) => idsOf(await listed(`client_id=list_changed&email=${part}`));
    expect(await found("former")).toEqual([]);
    expect(await found("latter")).toEqual([userId]);
    const { results } = await env.DB.prepare("SELECT email FROM user_search WHERE user_id = ?")
      .bind(userId)
      .all();
    expect(results).toEqual([{ email: "latter@list.example" }]);
  });

  it("filters by role, tier and activity", async () => {
    const moderator = await createUser("list_filters", { role: "moderator", tier: "basic" });
    const user = await createUser("list_filters", { tier: "premium" });
    await env.DB.prepare("UPDATE users SET is_active = 0 WHERE id = ?").bind(user.actor.userId).run();
    const only = async (filter: string) => idsOf(await listed(`client_id=list_filters&${filter}`));
    expect(await only("role=moderator")).toEqual([moderator.actor.userId]);
    expect(await only("tier=premium")).toEqual([user.actor.userId]);
    expect(await only("is_active=false")).toEqual([user.actor.userId]);
    expect(await only("is_active=true&tier=premium")).toEqual([]);
  });

  it("sorts by address either way", async () => {
    const zoe = await registered("list_sorted", "zoe");
    const ada = await registered("list_sorted", "ada");
    const by = async (order: string) =>
      idsOf(await listed(`client_id=list_sorted&sort_by=email&sort_order=${order}`));
    expect(await by("asc")).toEqual([ada.id, zoe.id]);
    expect(await by("desc")).toEqual([zoe.id, ada.id]);
  });

  it("shows no password hash and no deleted account", async () => {
    const { id } = await registered("list_clean");
    await registered("list_clean");
    await bodyOfNothing(await ask(await operator(), "DELETE", `/${id}`));
    const answer = await ask(await operator(), "GET", "?client_id=list_clean");
    const text = await answer.text();
    expect(text).not.toContain("argon2");
    expect(text).not.toContain("hash");
    expect(JSON.parse(text)).toMatchObject({ total_count: 1 });
    expect(text).not.toContain(id);
  });

  it.each([
    "page=0",
    "page_size=101",
    "page_size=0",
    "role=king",
    "tier=gold",
    "is_active=1",
    "sort_by=company",
  ])("refuses %s", async (query) => {
    expect((await ask(await operator(), "GET", `?${query}`)).status).toBe(400);
  });
});

const bodyOfNothing = async (answer: Response) => {
  if (answer.status !== 204) throw new Error(`${answer.status}: ${await answer.text()}`);
};

describe("GET /admin/users/{user_id}", () => {
  it("shows an account with its permissions and what it has", async () => {
    const owner = await createUser("get_details");
    await makeInstance(owner);
    await send("POST", "/api/v1/projects", { name: "Mine" }, owner.headers);
    const { userId, email } = owner.actor;
    await env.DB.prepare("INSERT INTO user_permissions VALUES (?, 'personas.create', 0)").bind(userId).run();
    expect(await bodyOf(await ask(await operator(), "GET", `/${userId}`), 200)).toMatchObject({
      user: { id: userId, email, role: "user", is_active: true, permissions: ["personas.create"] },
      stats: {
        total_projects: 1,
        total_personas: 1,
        last_login_at: null,
        account_age: "0 hours",
        total_logins: 0,
      },
    });
  });

  it("counts sign-ins", async () => {
    const { id, email } = await registered("get_logins");
    await signIn(email);
    const { stats } = await bodyOf<{ stats: { total_logins: number; last_login_at: string } }>(
      await ask(await operator(), "GET", `/${id}`),
      200,
    );
    expect(stats.total_logins).toBe(2);
    expect(Date.parse(stats.last_login_at)).toBeGreaterThan(0);
  });

  it("knows no unknown account, and takes no id of another form", async () => {
    const unknown = await ask(await operator(), "GET", `/${nobody}`);
    expect(await bodyOf(unknown, 404)).toMatchObject({ error: "USER_NOT_FOUND" });
    expect((await ask(await operator(), "GET", "/x")).status).toBe(404);
  });
});

describe("Who may", () => {
  const operations = [
    ["GET", ""],
    ["GET", `/${nobody}`],
    ["PUT", `/${nobody}`],
    ["DELETE", `/${nobody}`],
  ] as const;

  it.each(operations)("nobody %s %s without a token", async (method, below) => {
    expect((await call(`${path}${below}`, { method })).status).toBe(401);
  });

  it.each(operations)("no user %s %s", async (method, below) => {
    expect((await ask(await operator("user"), method, below, { role: "admin" })).status).toBe(403);
  });

  it("moderators read within their own tenant, and nothing else; each read of another leaves a trace", async () => {
    const target = await registered("may_moderate");
    const moderator = await createUser("may_moderate", { role: "moderator" });
    const trace = async () =>
      (
        await env.DB.prepare(
          "SELECT action, target_id FROM audit_log WHERE actor_id = ? ORDER BY created_at, id",
        )
          .bind(moderator.actor.userId)
          .all()
      ).results;
    expect((await ask(moderator, "GET", "?client_id=may_moderate")).status).toBe(200);
    for (const below of ["", "/sessions", "/activity", "/audit"])
      expect((await ask(moderator, "GET", `/${target.id}${below}`)).status).toBe(200);
    expect(await trace()).toEqual([
      { action: "users.listed", target_id: "may_moderate" },
      { action: "user.read", target_id: target.id },
      { action: "user.sessions_read", target_id: target.id },
      { action: "user.activity_read", target_id: target.id },
      { action: "user.audit_read", target_id: target.id },
    ]);
    expect((await ask(moderator, "GET", `/${moderator.actor.userId}`)).status).toBe(200);
    expect(await trace()).toHaveLength(5);
    expect((await ask(moderator, "PUT", `/${target.id}`, { role: "admin" })).status).toBe(403);
    expect((await ask(moderator, "DELETE", `/${target.id}`)).status).toBe(403);
  });

  it.each([
    ["a tenant's administrator", "may_elsewhere", "admin"],
    ["a tenant's moderator", "may_elsewhere", "moderator"],
    ["the operator's moderator", "operator", "moderator"],
  ] as const)("%s reaches no other tenant's accounts", async (_, clientId, role) => {
    const caller = await createUser(clientId, { role });
    const target = await registered("may_not_reach");
    for (const below of ["", "/sessions", "/activity", "/audit"])
      expect((await ask(caller, "GET", `/${target.id}${below}`)).status).toBe(404);
    expect((await ask(caller, "GET", "?client_id=may_not_reach")).status).toBe(403);
    const { users } = await bodyOf<{ users: { client_id: string }[] }>(await ask(caller, "GET", ""), 200);
    expect(new Set(users.map(({ client_id }) => client_id))).toEqual(new Set([clientId]));
    if (role === "moderator") return;
    const refused = [
      await ask(caller, "PUT", `/${target.id}`, { is_active: false }),
      await ask(caller, "DELETE", `/${target.id}`),
      await ask(caller, "DELETE", `/${target.id}/sessions`, { reason: "x" }),
      await ask(caller, "POST", `/${target.id}/permissions`, { permission_name: "*" }),
      await ask(caller, "DELETE", `/${target.id}/permissions/admin.users`),
      await ask(caller, "POST", `/${target.id}/password`, { new_password: "Another-Horse-8" }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
    const bulk = { user_ids: [target.id], operation: "deactivate", reason: "x" };
    expect(await bodyOf(await ask(caller, "POST", "/bulk", bulk), 200)).toMatchObject({ failed: 1 });
    const { filters, ...all } = { format: "csv", filters: { client_id: "may_not_reach" } };
    expect((await ask(caller, "POST", "/export", { ...all, filters })).status).toBe(403);
    expect(await (await ask(caller, "POST", "/export", all)).text()).not.toContain(target.email);
  });
});

describe("PUT /admin/users/{user_id}", () => {
  it("changes what is given, remembers who did it, and tells the tenant", async () => {
    const [admin, target] = [await operator(), await registered("put_role")];
    const body = { role: "moderator", email_verified: true };
    expect(await bodyOf(await ask(admin, "PUT", `/${target.id}`, body), 200)).toMatchObject({
      id: target.id,
      role: "moderator",
      email_verified: true,
      is_active: true,
      subscription_tier: "free",
    });
    expect(await auditOf(target.id)).toEqual([
      {
        action: "user.updated",
        actor: admin.actor.userId,
        details: {
          changed: {
            role: { from: "user", to: "moderator" },
            email_verified: { from: false, to: true },
          },
        },
      },
    ]);
    await expect.poll(() => eventsOf("put_role")).toContain("user.updated");
  });

  it("ends sessions with another role, also the tokens that are out", async () => {
    const target = await registered("put_ends");
    expect(await useToken(target.token)).toBe(200);
    await bodyOf(await ask(await operator(), "PUT", `/${target.id}`, { role: "moderator" }), 200);
    expect(await useToken(target.token)).toBe(401);
    expect(await signIn(target.email)).toBe(200);
  });

  it("shuts out with deactivation and lets in again with activation", async () => {
    const [admin, target] = [await operator(), await registered("put_active")];
    await bodyOf(await ask(admin, "PUT", `/${target.id}`, { is_active: false }), 200);
    expect(await useToken(target.token)).toBe(401);
    expect(await signIn(target.email)).toBe(401);
    await bodyOf(await ask(admin, "PUT", `/${target.id}`, { is_active: true }), 200);
    expect(await signIn(target.email)).toBe(200);
  });

  it("takes the subscription along with the tier, and keeps sessions", async () => {
    const target = await registered("put_tier");
    await bodyOf(await ask(await operator(), "PUT", `/${target.id}`, { subscription_tier: "premium" }), 200);
    expect(await bodyOf(await call("/api/v1/subscription", { headers: target.headers }), 200)).toMatchObject({
      tier: "premium",
    });
  });

  it("does nothing when nothing differs", async () => {
    const target = await registered("put_same");
    await bodyOf(await ask(await operator(), "PUT", `/${target.id}`, { role: "user", is_active: true }), 200);
    expect(await useToken(target.token)).toBe(200);
    expect(await auditOf(target.id)).toEqual([]);
  });

  it.each([
    {},
    { role: "king" },
    { subscription_tier: "gold" },
    { is_active: "no" },
    { email: "a@b.example" },
  ])("refuses %j", async (body) => {
    const target = await createUser("put_refused");
    expect((await ask(await operator(), "PUT", `/${target.actor.userId}`, body)).status).toBe(400);
  });

  it("knows no unknown and no deleted account", async () => {
    const [admin, target] = [await operator(), await registered("put_unknown")];
    expect((await ask(admin, "PUT", `/${nobody}`, { role: "user" })).status).toBe(404);
    await bodyOfNothing(await ask(admin, "DELETE", `/${target.id}`));
    expect((await ask(admin, "PUT", `/${target.id}`, { role: "user" })).status).toBe(404);
  });

  it("does not touch one's own role and activity, but the rest", async () => {
    const admin = await operator();
    const own = `/${admin.actor.userId}`;
    for (const body of [{ role: "user" }, { is_active: false }]) {
      expect(await bodyOf(await ask(admin, "PUT", own, body), 400)).toMatchObject({ error: "BAD_REQUEST" });
    }
    await bodyOf(await ask(admin, "PUT", own, { email_verified: true }), 200);
  });
});

describe("DELETE /admin/users/{user_id}", () => {
  it("signs the account out for good, ends its subscription, remembers and tells", async () => {
    const [admin, target] = [await operator(), await registered("delete_one")];
    await bodyOfNothing(await ask(admin, "DELETE", `/${target.id}`));
    expect(await useToken(target.token)).toBe(401);
    expect(await signIn(target.email)).toBe(401);
    expect((await ask(admin, "GET", `/${target.id}`)).status).toBe(404);
    const subscription = await env.DB.prepare("SELECT status FROM subscriptions WHERE user_id = ?")
      .bind(target.id)
      .first();
    expect(subscription).toEqual({ status: "canceled" });
    expect(await auditOf(target.id)).toEqual([
      { action: "user.deleted", actor: admin.actor.userId, details: {} },
    ]);
    await expect.poll(() => eventsOf("delete_one")).toContain("user.deleted");
  });

  it("happens once, and not to unknown accounts", async () => {
    const [admin, target] = [await operator(), await registered("delete_twice")];
    const answers = await Promise.all([1, 2].map(() => ask(admin, "DELETE", `/${target.id}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404]);
    expect(await auditOf(target.id)).toHaveLength(1);
    expect((await ask(admin, "DELETE", `/${nobody}`)).status).toBe(404);
  });

  it("does not delete one's own account", async () => {
    const admin = await operator();
    expect((await ask(admin, "DELETE", `/${admin.actor.userId}`)).status).toBe(400);
  });
});

describe("The last active administrator", () => {
  const leaveOnly = (...ids: string[]) =>
    env.DB.prepare(
      `UPDATE users SET role = 'user' WHERE role = 'admin' AND id NOT IN (${ids.map(() => "?").join()})`,
    )
      .bind(...ids)
      .run();

  it("is not demoted, deactivated or deleted, even by one who was an administrator a moment ago", async () => {
    const [caller, last] = [await operator(), await operator()];
    const { userId } = last.actor;
    await leaveOnly(userId);
    const answers = [
      await ask(caller, "PUT", `/${userId}`, { role: "user" }),
      await ask(caller, "PUT", `/${userId}`, { is_active: false }),
      await ask(caller, "DELETE", `/${userId}`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([409, 409, 409]);
    expect(await auditOf(userId)).toEqual([]);
  });

  it("is not counted as one of two when the other is switched off", async () => {
    const [caller, off, last] = [await operator(), await operator(), await operator()];
    await leaveOnly(off.actor.userId, last.actor.userId);
    await env.DB.prepare("UPDATE users SET is_active = 0 WHERE id = ?").bind(off.actor.userId).run();
    expect((await ask(caller, "PUT", `/${last.actor.userId}`, { role: "user" })).status).toBe(409);
    expect((await ask(caller, "PUT", `/${off.actor.userId}`, { role: "user" })).status).toBe(200);
  });

  it("is counted by tenant: another tenant's does not stand in", async () => {
    const [caller, last] = [await operator(), await createUser("last_admin", { role: "admin" })];
    const { userId } = last.actor;
    expect((await ask(caller, "PUT", `/${userId}`, { role: "user" })).status).toBe(409);
    await createUser("last_admin", { role: "admin" });
    expect((await ask(caller, "PUT", `/${userId}`, { role: "user" })).status).toBe(200);
  });

  it("remains when two demote each other at once", async () => {
    const [one, two] = [await operator(), await operator()];
    await leaveOnly(one.actor.userId, two.actor.userId);
    const answers = await Promise.all([
      ask(one, "PUT", `/${two.actor.userId}`, { role: "user" }),
      ask(two, "PUT", `/${one.actor.userId}`, { role: "user" }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});
