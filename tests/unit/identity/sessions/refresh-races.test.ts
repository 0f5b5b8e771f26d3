import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { later, signedIn, statusOf } from "#tests/support/accounts.ts";
import { send } from "#tests/support/api.ts";
import { bodyOf } from "#tests/support/personas.ts";

interface Tokens {
  access_token: string;
  refresh_token: string;
}

const refresh = (refresh_token: string) => send("POST", "/api/v1/auth/refresh", { refresh_token });
const sessionOf = (refreshToken: string) =>
  env.DB.prepare("SELECT generation, revoked_at FROM sessions WHERE id = ?")
    .bind(refreshToken.split(".")[0])
    .first<{ generation: number; revoked_at: number | null }>();
const alarms = async (userId: string) =>
  (
    await env.DB.prepare(
      "SELECT id FROM audit_log WHERE target_id = ? AND action = 'security.suspicious_activity'",
    )
      .bind(userId)
      .all()
  ).results.length;

describe("Ten refreshes of one token at once", () => {
  it("bring one new token into force, no error and no alarm", async () => {
    const owner = await signedIn("refresh_ten");
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(owner.refreshToken)));
    const tokens = await Promise.all(answers.map((answer) => bodyOf<Tokens>(answer, 200)));
    const [next = ""] = new Set(tokens.map(({ refresh_token }) => refresh_token));
    expect(new Set(tokens.map(({ refresh_token }) => refresh_token)).size).toBe(1);
    expect(await sessionOf(next)).toEqual({ generation: 1, revoked_at: null });
    for (const { access_token } of tokens) {
      expect(await statusOf({ authorization: `Bearer ${access_token}` })).toBe(200);
    }
    expect(await alarms(owner.id)).toBe(0);
    expect((await refresh(next)).status).toBe(200);
  });

  it("that was used up long ago end the session once, whatever is in force", async () => {
    const owner = await signedIn("refresh_ten_old");
    const second = await bodyOf<Tokens>(await refresh(owner.refreshToken), 200);
    const third = await bodyOf<Tokens>(await refresh(second.refresh_token), 200);
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(owner.refreshToken)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect((await sessionOf(third.refresh_token))?.revoked_at).not.toBeNull();
    for (const { refresh_token } of [second, third]) expect((await refresh(refresh_token)).status).toBe(401);
    expect(await statusOf({ authorization: `Bearer ${third.access_token}` })).toBe(401);
    await expect.poll(() => alarms(owner.id)).toBeGreaterThan(0);
  });
});

describe("The grace", () => {
  it.each([
    [9_900, 200],
    [10_500, 401],
  ])("after %i ms answers %i", async (milliseconds, status) => {
    const owner = await signedIn("refresh_grace");
    await bodyOf<Tokens>(await refresh(owner.refreshToken), 200);
    expect(await later(milliseconds, async () => (await refresh(owner.refreshToken)).status)).toBe(status);
  });

  it("is for the token right before the one in force, even within it", async () => {
    const owner = await signedIn("refresh_grace_older");
    const second = await bodyOf<Tokens>(await refresh(owner.refreshToken), 200);
    await bodyOf<Tokens>(await refresh(second.refresh_token), 200);
    expect((await refresh(second.refresh_token)).status).toBe(200);
    expect((await refresh(owner.refreshToken)).status).toBe(401);
    expect((await refresh(second.refresh_token)).status).toBe(401);
  });
});
