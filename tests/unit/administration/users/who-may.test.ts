import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { call } from "#tests/support/api.ts";
import { bodyOf } from "#tests/support/personas.ts";
import { createUser } from "#tests/support/users.ts";
import { ask, operator, path, registered } from "../accounts.ts";
import { nobody } from "./users.ts";

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
