import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { api, send } from "../../support/api.ts";
import { tenantObject } from "../../support/objects.ts";
import { createClient } from "../../support/users.ts";
import { account, password, register } from "./registering.ts";

describe("POST /auth/register", () => {
  it("makes an account with a free subscription and signs it in", async () => {
    await createClient("register_open");
    const { body, tokens } = await register("register_open");
    expect(tokens).toMatchObject({
      token_type: "Bearer",
      expires_in: 3600,
      user: {
        email: body.email.toLowerCase(),
        client_id: "register_open",
        role: "user",
        tier: "free",
        email_verified: false,
      },
    });
    const { data: profile } = await api(tokens.access_token).GET("/api/v1/user/profile");
    expect(profile).toMatchObject({ user_id: tokens.user.id, email: body.email.toLowerCase() });
  });

  it("refuses an e-mail address that is taken, in whatever letters", async () => {
    await createClient("register_twice");
    const { body } = await register("register_twice");
    const answer = await send("POST", "/api/v1/auth/register", { ...body, email: body.email.toUpperCase() });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ error: "USER_EXISTS", code: "USER002" });
  });

  it("lets one of two simultaneous registrations of an address win", async () => {
    await createClient("register_race");
    const body = account("register_race");
    const answers = await Promise.all([1, 2].map(() => send("POST", "/api/v1/auth/register", body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it("refuses a tenant that does not exist, and one that is closed", async () => {
    await createClient("register_closed", { registration: "closed" });
    expect((await send("POST", "/api/v1/auth/register", account("no_such_tenant"))).status).toBe(404);
    expect((await send("POST", "/api/v1/auth/register", account("register_closed"))).status).toBe(403);
  });

  it.each([
    ["short", "Ab1"],
    ["without a digit", "Correct-Horse"],
    ["without an upper-case letter", "correct-horse-9"],
    ["without a lower-case letter", "CORRECT-HORSE-9"],
    ["too long", `Aa1${"x".repeat(126)}`],
  ])("refuses a password that is %s, naming the field", async (_, weak) => {
    const answer = await send("POST", "/api/v1/auth/register", {
      ...account("register_open"),
      password: weak,
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: "VALIDATION_ERROR",
      details: { fields: [{ path: "password" }] },
    });
  });
});

describe("POST /auth/login", () => {
  it("signs in with the address in whatever letters", async () => {
    await createClient("login_ok");
    const { body } = await register("login_ok");
    const answer = await send("POST", "/api/v1/auth/login", { email: body.email.toUpperCase(), password });
    expect(answer.status).toBe(200);
  });

  it("gives the same answer for a wrong password and an unknown account", async () => {
    await createClient("login_wrong");
    const { body } = await register("login_wrong");
    const wrong = await send("POST", "/api/v1/auth/login", { email: body.email, password: "Wrong-Horse-9" });
    const unknown = await send("POST", "/api/v1/auth/login", { email: "nobody@test.example", password });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    const strip = ({ request_id: _, ...body }: Record<string, unknown>) => body;
    expect(strip(await wrong.json())).toEqual(strip(await unknown.json()));
  });
});

describe("Repeated failures", () => {
  it("lock the account for a growing time, say how long, and tell the tenant", async () => {
    await createClient("lockout");
    const { body } = await register("lockout");
    const fail = () => send("POST", "/api/v1/auth/login", { email: body.email, password: "Wrong-Horse-9" });
    const statuses: number[] = [];
    for (let count = 0; count < 6; count++) statuses.push((await fail()).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    const locked = await send("POST", "/api/v1/auth/login", { email: body.email, password });
    expect(locked.status).toBe(429);
    expect(Number(locked.headers.get("retry-after"))).toBeGreaterThan(20);
    const { events } = await tenantObject("lockout").readEvents({ since: 0, limit: 10 });
    expect(events.map(({ event }) => event)).toContain("security.suspicious_activity");
  });

  it("are forgotten with time", async () => {
    await createClient("lockout_over");
    const { body } = await register("lockout_over");
    for (let count = 0; count < 5; count++)
      await send("POST", "/api/v1/auth/login", { email: body.email, password: "Wrong-Horse-9" });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
    try {
      expect((await send("POST", "/api/v1/auth/login", { email: body.email, password })).status).toBe(200);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("The audit log", () => {
  it("remembers sign-ins and changes of password, and nothing can change what it says", async () => {
    await createClient("audit_trail");
    const { tokens } = await register("audit_trail");
    await api(tokens.access_token).POST("/api/v1/user/password", {
      body: { current_password: password, new_password: "Another-Horse-8" },
    });
    const rows = await env.DB.prepare(
      "SELECT action FROM audit_log WHERE actor_id = ? ORDER BY created_at, id",
    )
      .bind(tokens.user.id)
      .all<{ action: string }>();
    expect(rows.results.map(({ action }) => action)).toEqual([
      "user.registered",
      "session.opened",
      "user.password_changed",
    ]);
    await expect(env.DB.prepare("UPDATE audit_log SET action = 'nothing'").run()).rejects.toThrow(
      "append-only",
    );
    await expect(env.DB.prepare("DELETE FROM audit_log").run()).rejects.toThrow("append-only");
  });
});
