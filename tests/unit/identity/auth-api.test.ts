import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { database } from "#src/db/client.ts";
import { findUser } from "#src/identity/accounts/user-repository.ts";
import { openSession } from "#src/identity/sessions/issue-tokens.ts";
import { refreshTokens } from "#src/identity/sessions/refresh-tokens.ts";
import { nobody } from "#src/kernel/actor.ts";
import { forgetLease } from "#src/objects/access-lease.ts";
import { perform } from "#src/operation/perform.ts";
import { api, call, send } from "../../support/api.ts";
import { accessGate, tenantObject } from "../../support/objects.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
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
  const refresh = (refresh_token: string) => send("POST", "/api/v1/auth/refresh", { refresh_token });
  const nextOf = async (answer: Response) => (await answer.json<{ refresh_token: string }>()).refresh_token;

  it("trades a refresh token for the next one", async () => {
    await createClient("refresh_next");
    const { tokens } = await register("refresh_next");
    const second = await nextOf(await refresh(tokens.refresh_token));
    expect(second).not.toBe(tokens.refresh_token);
    expect((await refresh(second)).status).toBe(200);
  });

  it("gives a client that retries at once the same successor, and ends nothing", async () => {
    await createClient("refresh_retry");
    const { tokens } = await register("refresh_retry");
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(tokens.refresh_token)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    const successors = new Set(await Promise.all(answers.map(nextOf)));
    expect(successors.size).toBe(1);
    expect((await refresh([...successors][0] ?? "")).status).toBe(200);
  });

  it("ends the session when a token older than the previous one is used, and no descendant refreshes again", async () => {
    await createClient("refresh_reuse");
    const { tokens } = await register("refresh_reuse");
    const first = tokens.refresh_token;
    const second = await nextOf(await refresh(first));
    const third = await nextOf(await refresh(second));
    expect((await refresh(first)).status).toBe(401);
    for (const token of [first, second, third]) expect((await refresh(token)).status).toBe(401);
    expect((await api(tokens.access_token).POST("/api/v1/auth/validate")).response.status).toBe(401);
  });

  it("ends the session when the previous token comes back after the grace", async () => {
    await createClient("refresh_late");
    const { tokens } = await register("refresh_late");
    const second = await nextOf(await refresh(tokens.refresh_token));
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 11_000 });
    try {
      expect((await refresh(tokens.refresh_token)).status).toBe(401);
      expect((await refresh(second)).status).toBe(401);
    } finally {
      vi.useRealTimers();
    }
  });

  it("never lets a family go on once reuse is seen, however refreshes and reuses meet", async () => {
    await createClient("refresh_rounds");
    const { body } = await register("refresh_rounds");
    const { user } = await (await send("POST", "/api/v1/auth/login", { email: body.email, password })).json<{
      user: { id: string };
    }>();
    const row = await findUser(database(env.DB), user.id);
    const platform = testPlatform();
    const device = { ip: "test", userAgent: "test" };
    let descendants = 0;
    for (let round = 0; round < 200; round++) {
      if (!row) throw new Error("no user");
      const first = (await openSession(platform, row, device)).refresh_token;
      const trade = async (refresh_token: string) => {
        const { output } = await perform(refreshTokens, platform, nobody("rest", device), {
          body: { refresh_token },
        });
        return output.refresh_token;
      };
      const second = await trade(first);
      const third = await trade(second);
      // The thief and the owner at the same moment.
      const results = await Promise.allSettled([trade(first), trade(third)]);
      const fourth = results[1]?.status === "fulfilled" ? results[1].value : third;
      const again = await Promise.allSettled([trade(third), trade(fourth)]);
      descendants += again.filter(({ status }) => status === "fulfilled").length;
    }
    expect(descendants).toBe(0);
  }, 60_000);

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
        "x-user-id": other.actor.userId,
        "x-user-role": "admin",
        "x-client-id": "spoof_other",
      },
    });
    expect(await answer.json()).toMatchObject({ user_id: user.actor.userId });
    const admin = await call("/api/v1/templates", { headers: { ...user.headers, "x-user-role": "admin" } });
    expect(admin.status).toBe(403);
  });

  it("is shut out when the tenant is deactivated", async () => {
    const user = await createUser("tenant_off");
    expect((await call("/api/v1/user/profile", { headers: user.headers })).status).toBe(200);
    await accessGate("tenant_off").setTenantActive(false);
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

describe("Mailed tokens", () => {
  const letterTo = async (address: string, subject: string): Promise<string> => {
    const find = async () => {
      const { letters } = await (await call("/dev/mailbox", { headers: { host: "localhost" } })).json<{
        letters: { to: string; subject: string; text: string }[];
      }>();
      const letter = letters.find(
        ({ to, subject: about }) => to === address.toLowerCase() && about === subject,
      );
      return letter && /[0-9a-f]{64}/.exec(letter.text)?.[0];
    };
    await expect.poll(find).toBeTruthy();
    return (await find()) ?? "";
  };

  it("verify the address, once", async () => {
    await createClient("mail_verify");
    const { body, tokens } = await register("mail_verify");
    const token = await letterTo(body.email, "Verify your e-mail address");
    expect((await send("POST", "/api/v1/auth/verify-email", { token })).status).toBe(200);
    expect((await send("POST", "/api/v1/auth/verify-email", { token })).status).toBe(401);
    const signedIn = await send("POST", "/api/v1/auth/login", { email: body.email, password });
    expect(await signedIn.json()).toMatchObject({ user: { id: tokens.user.id, email_verified: true } });
  });

  it("set a new password, once, and end every session", async () => {
    await createClient("mail_reset");
    const { body, tokens } = await register("mail_reset");
    await send("POST", "/api/v1/auth/password/forgot", { email: body.email });
    const token = await letterTo(body.email, "Reset your password");
    const reset = { token, new_password: "Another-Horse-8" };
    expect((await send("POST", "/api/v1/auth/password/reset", reset)).status).toBe(200);
    expect((await send("POST", "/api/v1/auth/password/reset", reset)).status).toBe(401);
    expect((await api(tokens.access_token).POST("/api/v1/auth/validate")).response.status).toBe(401);
    expect((await send("POST", "/api/v1/auth/login", { email: body.email, password })).status).toBe(401);
    expect(
      (await send("POST", "/api/v1/auth/login", { email: body.email, password: "Another-Horse-8" })).status,
    ).toBe(200);
  });

  it("are promised for unknown addresses in the same words", async () => {
    await createClient("mail_unknown");
    const { body } = await register("mail_unknown");
    const [known, unknown] = await Promise.all(
      [body.email, "nobody-at-all@test.example"].map((email) =>
        send("POST", "/api/v1/auth/password/forgot", { email }),
      ),
    );
    expect([known?.status, unknown?.status]).toEqual([202, 202]);
    expect(await known?.text()).toBe(await unknown?.text());
  });

  it("are shown in development only", async () => {
    const { devMailbox } = await import("#workers/gateway/routes/dev-mailbox.ts");
    const { handleError } = await import("#workers/gateway/middleware/error-handler.ts");
    devMailbox.onError(handleError);
    const answer = await devMailbox.request("/dev/mailbox", {}, { ...env, ENVIRONMENT: "production" });
    expect(answer.status).toBe(404);
  });

  it.each<[string, number]>([
    ["localhost:8787", 200],
    ["127.0.0.1", 200],
    ["[::1]:8787", 200],
    ["rebound.example", 404],
    ["127.0.0.1.example", 404],
    ["192.168.1.7:8787", 404],
  ])("are shown to who asks %s: %i", async (host, status) => {
    expect((await call("/dev/mailbox", { headers: { host } })).status).toBe(status);
  });
});

describe("Sessions", () => {
  it("are listed with the current one marked, and ended one by one", async () => {
    await createClient("sessions_list");
    const { body, tokens } = await register("sessions_list");
    const other = await (await send("POST", "/api/v1/auth/login", { email: body.email, password })).json<{
      access_token: string;
    }>();
    const { data } = await api(tokens.access_token).GET("/api/v1/user/sessions");
    expect(data?.count).toBe(2);
    const away = data?.sessions.find(({ current }) => !current)?.id ?? "";
    const params = { path: { session_id: away } };
    const { response } = await api(tokens.access_token).DELETE("/api/v1/user/sessions/{session_id}", {
      params,
    });
    expect(response.status).toBe(204);
    expect((await api(other.access_token).POST("/api/v1/auth/validate")).response.status).toBe(401);
    const again = await api(tokens.access_token).DELETE("/api/v1/user/sessions/{session_id}", { params });
    expect(again.response.status).toBe(404);
  });

  it("of others cannot be ended", async () => {
    await createClient("sessions_theirs");
    const [mine, theirs] = [await register("sessions_theirs"), await register("sessions_theirs")];
    const { data } = await api(theirs.tokens.access_token).GET("/api/v1/user/sessions");
    const params = { path: { session_id: data?.sessions[0]?.id ?? "" } };
    const { response } = await api(mine.tokens.access_token).DELETE("/api/v1/user/sessions/{session_id}", {
      params,
    });
    expect(response.status).toBe(404);
  });

  it("other than the current one end with a change of password", async () => {
    await createClient("sessions_password");
    const { body, tokens } = await register("sessions_password");
    const other = await (await send("POST", "/api/v1/auth/login", { email: body.email, password })).json<{
      access_token: string;
    }>();
    const change = (current_password: string) =>
      api(tokens.access_token).POST("/api/v1/user/password", {
        body: { current_password, new_password: "Another-Horse-8" },
      });
    expect((await change("Wrong-Horse-9")).response.status).toBe(401);
    expect((await change(password)).data).toMatchObject({ sessions_ended: 1 });
    expect((await api(tokens.access_token).POST("/api/v1/auth/validate")).response.status).toBe(200);
    expect((await api(other.access_token).POST("/api/v1/auth/validate")).response.status).toBe(401);
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
