import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { accessGate } from "../../../durable-objects/access-gate/client.ts";
import { forgetLease } from "../../../durable-objects/access-gate/lease.ts";
import { api, call, send } from "../../support/api.ts";
import { createClient, createUser } from "../../support/users.ts";

const password = "Correct-Horse-9";
let number = 0;
const account = (clientId: string) => ({
  email: `Person${number++}@Test.Example`,
  password,
  client_id: clientId,
});

const register = async (clientId: string) => {
  const body = account(clientId);
  const { data } = await api().POST("/api/v1/auth/register", { body });
  if (!data) throw new Error("not registered");
  return { body, tokens: data };
};

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

describe("POST /auth/refresh", () => {
  it("trades a refresh token once; using it again ends the session", async () => {
    await createClient("refresh_once");
    const { tokens } = await register("refresh_once");
    const first = await send("POST", "/api/v1/auth/refresh", { refresh_token: tokens.refresh_token });
    expect(first.status).toBe(200);
    const { refresh_token: next } = await first.json<{ refresh_token: string }>();
    const reuse = await send("POST", "/api/v1/auth/refresh", { refresh_token: tokens.refresh_token });
    expect(reuse.status).toBe(401);
    expect((await send("POST", "/api/v1/auth/refresh", { refresh_token: next })).status).toBe(401);
  });

  it("does not take an access token, nor is a refresh token an access token", async () => {
    await createClient("refresh_kind");
    const { tokens } = await register("refresh_kind");
    expect(
      (await send("POST", "/api/v1/auth/refresh", { refresh_token: tokens.access_token.slice(0, 200) }))
        .status,
    ).toBe(401);
    const { response } = await api(tokens.refresh_token).GET("/api/v1/user/profile");
    expect(response.status).toBe(401);
  });
});

describe("POST /auth/logout", () => {
  it("ends the session at once in the isolate that did it: access and refresh tokens", async () => {
    await createClient("logout_now");
    const { tokens } = await register("logout_now");
    const signedIn = api(tokens.access_token);
    expect((await signedIn.POST("/api/v1/auth/validate")).response.status).toBe(200);
    expect((await signedIn.POST("/api/v1/auth/logout")).response.status).toBe(200);
    expect((await signedIn.POST("/api/v1/auth/validate")).response.status).toBe(401);
    expect((await send("POST", "/api/v1/auth/refresh", { refresh_token: tokens.refresh_token })).status).toBe(
      401,
    );
  });

  it("leaves other sessions alone", async () => {
    const clientId = await createClient("logout_other");
    const { body, tokens } = await register(clientId);
    const second = await (await send("POST", "/api/v1/auth/login", { email: body.email, password })).json<{
      access_token: string;
    }>();
    await api(tokens.access_token).POST("/api/v1/auth/logout");
    expect((await api(second.access_token).POST("/api/v1/auth/validate")).response.status).toBe(200);
  });
});

describe("A caller", () => {
  it.each([
    ["nobody", {}],
    ["with a broken header", { authorization: "Bearer" }],
    ["with another scheme", { authorization: "Basic dTpw" }],
    ["with nonsense", { authorization: "Bearer nonsense" }],
  ])("%s gets 401 in the one error shape", async (_, headers) => {
    const answer = await call("/api/v1/user/profile", { headers });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual(
      expect.objectContaining({
        error: expect.any(String),
        message: expect.any(String),
        request_id: expect.any(String),
      }),
    );
  });

  it("cannot change who they are by identity headers", async () => {
    const user = await createUser("spoof_target");
    const other = await createUser("spoof_other", { role: "admin" });
    const answer = await call("/api/v1/user/profile", {
      headers: {
        ...user.headers,
        "x-user-id": other.principal.userId,
        "x-user-role": "admin",
        "x-client-id": "spoof_other",
      },
    });
    expect(await answer.json()).toMatchObject({ user_id: user.principal.userId });
    const admin = await call("/api/v1/templates", { headers: { ...user.headers, "x-user-role": "admin" } });
    expect(admin.status).toBe(403);
  });

  it("is shut out when the tenant is deactivated", async () => {
    const user = await createUser("tenant_off");
    expect((await call("/api/v1/user/profile", { headers: user.headers })).status).toBe(200);
    await accessGate(env, "tenant_off").setTenantActive(false);
    forgetLease("tenant_off");
    expect((await call("/api/v1/user/profile", { headers: user.headers })).status).toBe(401);
  });
});

describe("PUT /user/profile", () => {
  it("changes what is given and keeps the rest", async () => {
    const { token } = await createUser("profile_put");
    await api(token).PUT("/api/v1/user/profile", { body: { first_name: "Ada", company: "Engines" } });
    const { data } = await api(token).PUT("/api/v1/user/profile", { body: { first_name: "Augusta" } });
    expect(data).toMatchObject({ first_name: "Augusta", company: "Engines" });
  });
});
