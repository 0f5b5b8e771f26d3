import { describe, expect, it } from "vitest";
import { call } from "#tests/support/api.ts";
import { bodyOf } from "#tests/support/personas.ts";
import { createUser } from "#tests/support/users.ts";
import { ask, auditOf, operator, registered, signIn, useToken } from "../accounts.ts";
import { bodyOfNothing, eventsOf, nobody } from "./users.ts";

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
