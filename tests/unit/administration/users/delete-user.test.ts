import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createUser } from "#tests/support/users.ts";
import { ask, auditOf, operator, registered, signIn, useToken } from "../accounts.ts";
import { bodyOfNothing, eventsOf, nobody } from "./users.ts";

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
