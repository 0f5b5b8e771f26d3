import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import {
  account,
  anotherSession,
  auditedActions,
  later,
  logIn,
  password,
  signedIn,
  statusOf,
} from "#tests/support/accounts.ts";
import { call, send } from "#tests/support/api.ts";
import { bodyOf } from "#tests/support/personas.ts";
import { runJobs } from "#workers/gateway/jobs.ts";

interface Tokens {
  access_token: string;
  refresh_token: string;
  expires_in: number;
}

interface Listed {
  sessions: Record<string, unknown>[];
  count: number;
}

const minute = 60_000;
const day = 86_400_000;

const refresh = (refresh_token: string): Promise<Response> =>
  send("POST", "/api/v1/auth/refresh", { refresh_token });

const list = async (headers: Record<string, string>) =>
  bodyOf<Listed>(await call("/api/v1/user/sessions", { headers }), 200);

const bearer = ({ access_token }: Tokens) => ({ authorization: `Bearer ${access_token}` });

describe("A session", () => {
  it("ends when it is not used for two weeks", async () => {
    const owner = await signedIn("session_idle");
    expect((await later(14 * day + minute, () => refresh(owner.refreshToken))).status).toBe(401);
    expect((await later(14 * day - minute, () => refresh(owner.refreshToken))).status).toBe(200);
  });

  it("goes on with every use, and ends ninety days after the sign-in all the same", async () => {
    const owner = await signedIn("session_absolute");
    let token = owner.refreshToken;
    for (let days = 10; days < 90; days += 10) {
      const answer = await later(days * day, () => refresh(token));
      token = (await bodyOf<Tokens>(answer, 200)).refresh_token;
    }
    expect((await later(90 * day + minute, () => refresh(token))).status).toBe(401);
  });

  it("is outlived by no access token", async () => {
    const owner = await signedIn("session_outlived");
    await env.DB.prepare("UPDATE sessions SET expires_at = ? WHERE user_id = ?")
      .bind(Date.now() + 10 * minute, owner.id)
      .run();
    const tokens = await bodyOf<Tokens>(await refresh(owner.refreshToken), 200);
    expect(tokens.expires_in).toBeLessThanOrEqual(600);
    expect(tokens.expires_in).toBeGreaterThan(590);
    const { iat = 0, exp = 0 } = decodeJwt(tokens.access_token);
    expect(exp - iat).toBe(tokens.expires_in);
    expect(await later(11 * minute, () => statusOf(bearer(tokens)))).toBe(401);
  });

  it("that can never be used again is removed by the job, and no other", async () => {
    const [old, live] = [await signedIn("session_removed"), await signedIn("session_removed")];
    // So long ago that its address need not be known any more.
    await env.DB.prepare("UPDATE sessions SET created_at = ?1, last_used_at = ?1 WHERE user_id = ?2")
      .bind(Date.now() - 31 * day, old.id)
      .run();
    await runJobs(env, Date.now());
    const count = (id: string) =>
      env.DB.prepare("SELECT count(*) AS n FROM sessions WHERE user_id = ?").bind(id).first("n");
    expect([await count(old.id), await count(live.id)]).toEqual([0, 1]);
  });
});

describe("GET /user/sessions", () => {
  it("says from where and until when, and shows no secret", async () => {
    const owner = await account("sessions_shown");
    const { headers } = await anotherSession(owner.id, "203.0.113.5");
    const answer = await call("/api/v1/user/sessions", { headers });
    const text = await answer.text();
    const { sessions } = JSON.parse(text);
    expect(sessions).toEqual([
      {
        id: expect.any(String),
        created_at: expect.any(String),
        last_used_at: expect.any(String),
        expires_at: expect.any(String),
        ip: "203.0.113.5",
        ip_address: "203.0.113.5",
        is_active: true,
        user_agent: "test",
        current: true,
      },
    ]);
    const lifetime = Date.parse(sessions[0].expires_at) - Date.parse(sessions[0].created_at);
    expect(lifetime).toBe(90 * day);
    expect(text).not.toMatch(/hash|token/);
  });

  it("keeps of a long user agent the beginning", async () => {
    const { email } = await account("sessions_agent");
    const headers = { "user-agent": "a".repeat(5000) };
    const tokens = await bodyOf<Tokens>(
      await send("POST", "/api/v1/auth/login", { email, password }, headers),
      200,
    );
    expect((await list(bearer(tokens))).sessions[0]?.user_agent).toBe("a".repeat(255));
  });

  it("leaves out sessions that have ended or lie idle", async () => {
    const owner = await signedIn("sessions_over");
    await anotherSession(owner.id);
    expect((await list(owner.headers)).count).toBe(2);
    await env.DB.prepare(
      "UPDATE sessions SET last_used_at = ? WHERE user_id = ? AND id <> (SELECT min(id) FROM sessions WHERE user_id = ?)",
    )
      .bind(Date.now() - 15 * day, owner.id, owner.id)
      .run();
    expect((await list(owner.headers)).count).toBe(1);
  });
});

describe("Signing out", () => {
  it("everywhere else ends every other session at once, and is remembered", async () => {
    const owner = await signedIn("out_elsewhere");
    const others = [await anotherSession(owner.id), await anotherSession(owner.id)];
    const end = () => call("/api/v1/user/sessions", { method: "DELETE", headers: owner.headers });
    expect(await bodyOf(await end(), 200)).toEqual({ sessions_ended: 2 });
    for (const other of others) {
      expect(await statusOf(other.headers)).toBe(401);
      expect((await refresh(other.refreshToken)).status).toBe(401);
    }
    expect(await statusOf(owner.headers)).toBe(200);
    expect(await bodyOf(await end(), 200)).toEqual({ sessions_ended: 0 });
    const actions = await auditedActions(owner.id);
    expect(actions.filter((action) => action === "sessions.ended")).toHaveLength(1);
  });

  it("is remembered, once", async () => {
    const owner = await signedIn("out_once");
    const out = () => send("POST", "/api/v1/auth/logout", {}, owner.headers);
    expect([(await out()).status, (await out()).status]).toEqual([200, 401]);
    const actions = await auditedActions(owner.id);
    expect(actions.filter((action) => action === "session.ended")).toHaveLength(1);
  });

  it("leaves the way in open", async () => {
    const owner = await signedIn("out_and_in");
    await send("POST", "/api/v1/auth/logout", {}, owner.headers);
    expect((await logIn(owner.email)).status).toBe(200);
  });
});
