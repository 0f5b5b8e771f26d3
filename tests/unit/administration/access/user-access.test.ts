import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { api, call, send } from "#tests/support/api.ts";
import { bodyOf } from "#tests/support/personas.ts";
import {
  ask,
  auditOf,
  moderatorOf,
  operator,
  password,
  path,
  registered,
  signIn,
  useToken,
} from "../accounts.ts";

const nobody = "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c";
const secret = "Another-Horse-8";
const grant = { permission_name: "personas.create" };

describe("Who may", () => {
  const acting = [
    ["POST", "permissions", grant],
    ["DELETE", "permissions/personas.create", {}],
    ["DELETE", "sessions", { reason: "Lost" }],
    ["POST", "password", { new_password: secret }],
  ] as const;
  const all = [...acting, ["GET", "sessions", undefined] as const];

  it.each(all)("nobody %s %s without a token", async (method, below) => {
    expect((await call(`${path}/${nobody}/${below}`, { method })).status).toBe(401);
  });

  it.each(all)("no user %s %s", async (method, below, body) => {
    expect((await ask(await operator("user"), method, `/${nobody}/${below}`, body)).status).toBe(403);
  });

  it.each(acting)("no moderator %s %s", async (method, below, body) => {
    expect((await ask(await operator("moderator"), method, `/${nobody}/${below}`, body)).status).toBe(403);
  });

  it.each(all)("%s %s knows no unknown account", async (method, below, body) => {
    const answer = await ask(await operator(), method, `/${nobody}/${below}`, body);
    expect(await bodyOf(answer, 404)).toMatchObject({ error: "USER_NOT_FOUND" });
  });
});

describe("Permissions", () => {
  it("are granted, in force from the next sign-in on, and remembered", async () => {
    const [admin, target] = [await operator(), await registered("grant_one")];
    expect(await bodyOf(await ask(admin, "POST", `/${target.id}/permissions`, grant), 201)).toEqual({
      user_id: target.id,
      permissions: ["personas.create"],
    });
    const { data } = await api().POST("/api/v1/auth/login", { body: { email: target.email, password } });
    expect(data).toMatchObject({ user: { permissions: ["personas.create"] } });
    expect(await auditOf(target.id)).toMatchObject([
      {
        action: "permission.granted",
        actor: admin.actor.userId,
        details: { permission: "personas.create" },
      },
    ]);
  });

  it("are granted once, also by two at once", async () => {
    const [admin, target] = [await operator(), await registered("grant_twice")];
    const answers = await Promise.all(
      [1, 2].map(() => ask(admin, "POST", `/${target.id}/permissions`, grant)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(await auditOf(target.id)).toHaveLength(1);
  });

  it("that do not exist are not granted", async () => {
    const [admin, target] = [await operator(), await registered("grant_unknown")];
    const answer = await ask(admin, "POST", `/${target.id}/permissions`, { permission_name: "fly" });
    expect(await bodyOf(answer, 404)).toMatchObject({ error: "NOT_FOUND" });
    expect((await ask(admin, "POST", `/${target.id}/permissions`, {})).status).toBe(400);
  });

  it("are revoked with the sessions that carry them, once", async () => {
    const [admin, target] = [await operator(), await registered("revoke_one")];
    await ask(admin, "POST", `/${target.id}/permissions`, { permission_name: "*" });
    const revoke = () => ask(admin, "DELETE", `/${target.id}/permissions/*`);
    expect((await revoke()).status).toBe(204);
    expect(await useToken(target.token)).toBe(401);
    expect((await revoke()).status).toBe(404);
    expect((await auditOf(target.id)).map(({ action }) => action)).toEqual([
      "permission.granted",
      "permission.revoked",
    ]);
  });
});

describe("Sessions of others", () => {
  it("are listed, for moderators too, without tokens", async () => {
    const target = await registered("sessions_seen");
    await signIn(target.email);
    const answer = await ask(await moderatorOf("sessions_seen"), "GET", `/${target.id}/sessions`);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ user_id: target.id, count: 2 });
    expect(text).not.toMatch(/hash|token/);
  });

  it("end all at once, with the reason remembered", async () => {
    const [admin, target] = [await operator(), await registered("sessions_ended")];
    await signIn(target.email);
    const below = `/${target.id}/sessions`;
    expect(await bodyOf(await ask(admin, "DELETE", below, { reason: "Lost" }), 200)).toEqual({
      user_id: target.id,
      sessions_ended: 2,
      sessions_affected: 2,
    });
    expect(await useToken(target.token)).toBe(401);
    expect(await bodyOf(await ask(admin, "GET", below), 200)).toMatchObject({ count: 0 });
    expect(await auditOf(target.id)).toMatchObject([
      { action: "sessions.ended", details: { reason: "Lost" } },
    ]);
    expect(await bodyOf(await ask(admin, "DELETE", below, { reason: "Again" }), 200)).toMatchObject({
      sessions_ended: 0,
      sessions_affected: 0,
    });
    expect((await ask(admin, "DELETE", below, { reason: "" })).status).toBe(400);
  });
});

describe("POST /admin/users/{user_id}/password", () => {
  const set = async (id: string, body: Record<string, unknown>) =>
    ask(await operator(), "POST", `/${id}/password`, body);

  it("sets another password and ends sessions", async () => {
    const target = await registered("password_set");
    expect(await bodyOf(await set(target.id, { new_password: secret }), 200)).toMatchObject({
      sessions_ended: 1,
      sessions_affected: 1,
    });
    expect(await useToken(target.token)).toBe(401);
    expect(await signIn(target.email)).toBe(401);
    expect(await signIn(target.email, secret)).toBe(200);
    const audit = await auditOf(target.id);
    expect(audit.map(({ action }) => action)).toEqual(["user.password_set"]);
    expect(JSON.stringify(audit)).not.toContain(secret);
  });

  it("has it changed at the next sign-in, if that is required", async () => {
    const target = await registered("password_change");
    await bodyOf(await set(target.id, { new_password: secret, require_change: true }), 200);
    const refused = await send("POST", "/api/v1/auth/login", { email: target.email, password: secret });
    expect(await bodyOf(refused, 403)).toMatchObject({ error: "PASSWORD_CHANGE_REQUIRED" });
  });

  it("tells the owner by mail if asked to, without the password", async () => {
    const target = await registered("password_mail");
    const body = { new_password: secret, notify_user: true, notification_note: "As we agreed" };
    await bodyOf(await set(target.id, body), 200);
    const letter = async () => {
      const { letters } = await (await call("/dev/mailbox", { headers: { host: "localhost" } })).json<{
        letters: { to: string; subject: string; text: string }[];
      }>();
      return letters.find(({ to, subject }) => to === target.email && subject.includes("administrator"));
    };
    await expect.poll(letter).toMatchObject({ text: expect.stringContaining("As we agreed") });
    expect((await letter())?.text).not.toContain(secret);
  });

  it("refuses weak passwords and one's own account", async () => {
    const target = await registered("password_weak");
    for (const weak of ["short", "Password1", "no-digits-Here"]) {
      expect((await set(target.id, { new_password: weak })).status).toBe(400);
    }
    const admin = await operator();
    const own = await ask(admin, "POST", `/${admin.actor.userId}/password`, { new_password: secret });
    expect(await bodyOf(own, 400)).toMatchObject({ error: "BAD_REQUEST" });
    const hash = await env.DB.prepare("SELECT password_hash FROM users WHERE id = ?")
      .bind(admin.actor.userId)
      .first("password_hash");
    expect(hash).toBe("none");
  });
});
