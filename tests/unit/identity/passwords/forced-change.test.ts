import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { account, later, logIn, mailedTokens, password, statusOf } from "#tests/support/accounts.ts";
import { send } from "#tests/support/api.ts";
import { bodyOf } from "#tests/support/personas.ts";
import { createUser } from "#tests/support/users.ts";

const chosen = "Chosen-Horse-7";

/** An account that an administrator gave its password, to be changed. */
async function mustChange(clientId: string) {
  const owner = await account(clientId);
  await env.DB.prepare("UPDATE users SET must_change_password = 1 WHERE id = ?").bind(owner.id).run();
  return owner;
}

const offered = async (email: string, secret = password): Promise<string> => {
  const refused = await bodyOf<{ details: { token: string } }>(await logIn(email, secret), 403);
  return refused.details.token;
};

const reset = (token: string, new_password = chosen): Promise<Response> =>
  send("POST", "/api/v1/auth/password/reset", { token, new_password });

describe("Whoever must change the password", () => {
  it("gets no session, but a token with which to choose another, and signs in with that", async () => {
    const owner = await account("forced_flow");
    const admin = await createUser("forced_flow", { role: "admin" });
    const given = { new_password: "Given-Horse-6", require_change: true };
    const path = `/api/v1/admin/users/${owner.id}/password`;
    await bodyOf(await send("POST", path, given, admin.headers), 200);
    const refused = await bodyOf<{ details: { token: string } }>(
      await logIn(owner.email, given.new_password),
      403,
    );
    expect(refused).toMatchObject({
      error: "PASSWORD_CHANGE_REQUIRED",
      details: { token: expect.stringMatching(/^[0-9a-f]{64}$/), expires_in: 900 },
    });
    const sessions = env.DB.prepare("SELECT count(*) AS n FROM sessions WHERE user_id = ?").bind(owner.id);
    expect(await sessions.first("n")).toBe(0);
    await bodyOf(await reset(refused.details.token), 200);
    expect((await logIn(owner.email, given.new_password)).status).toBe(401);
    expect((await logIn(owner.email, chosen)).status).toBe(200);
  });

  it("is refused at every sign-in until then", async () => {
    const owner = await mustChange("forced_until");
    expect([(await logIn(owner.email)).status, (await logIn(owner.email)).status]).toEqual([403, 403]);
  });

  it("is told nothing without the right password", async () => {
    const owner = await mustChange("forced_wrong");
    expect(await bodyOf(await logIn(owner.email, "Wrong-Horse-9"), 401)).not.toHaveProperty("details");
  });

  it("must choose another one, and the token stays good for that", async () => {
    const owner = await mustChange("forced_same");
    const token = await offered(owner.email);
    expect(await bodyOf(await reset(token, password), 400)).toMatchObject({
      details: { fields: [{ path: "new_password", message: "Not the current one" }] },
    });
    expect((await reset(token, "Password123")).status).toBe(400);
    expect((await reset(token)).status).toBe(200);
  });

  it("may use a mailed token as well", async () => {
    const owner = await mustChange("forced_mail");
    await send("POST", "/api/v1/auth/password/forgot", { email: owner.email });
    const [token = ""] = await mailedTokens(owner.email, "Reset your password");
    expect(await bodyOf(await reset(token, password), 400)).toMatchObject({
      details: { fields: [{ path: "new_password", message: "Not the current one" }] },
    });
    await bodyOf(await reset(token), 200);
    expect((await logIn(owner.email, chosen)).status).toBe(200);
  });

  it("gets twenty tokens an hour, and is told when there is another", async () => {
    const owner = await mustChange("forced_often");
    for (let count = 0; count < 20; count++) await offered(owner.email);
    const refused = await logIn(owner.email);
    const seconds = Number(refused.headers.get("retry-after"));
    expect(refused.status).toBe(429);
    expect(seconds).toBeGreaterThan(3500);
    expect(seconds).toBeLessThanOrEqual(3600);
    expect(await later((seconds + 1) * 1000, () => logIn(owner.email))).toMatchObject({ status: 403 });
  });
});

describe("The token of such a sign-in", () => {
  it("is good once, also for two at the same moment", async () => {
    const owner = await mustChange("forced_once");
    const token = await offered(owner.email);
    const answers = await Promise.all([reset(token, "First-Horse-1"), reset(token, "Second-Horse-2")]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect((await reset(token, "Third-Horse-3")).status).toBe(401);
  });

  it("is replaced by that of the next sign-in", async () => {
    const owner = await mustChange("forced_newer");
    const [older, newer] = [await offered(owner.email), await offered(owner.email)];
    expect((await reset(older)).status).toBe(401);
    expect((await reset(newer)).status).toBe(200);
  });

  it("runs out after a quarter of an hour", async () => {
    const owner = await mustChange("forced_late");
    const token = await offered(owner.email);
    expect((await later(901_000, () => reset(token))).status).toBe(401);
    expect((await later(890_000, () => reset(token))).status).toBe(200);
  });

  it("is nothing else: no access token, no refresh token, no proof of the address", async () => {
    const owner = await mustChange("forced_only");
    const token = await offered(owner.email);
    expect(await statusOf({ authorization: `Bearer ${token}` })).toBe(401);
    expect((await send("POST", "/api/v1/auth/refresh", { refresh_token: token })).status).toBe(401);
    expect((await send("POST", "/api/v1/auth/verify-email", { token })).status).toBe(401);
    await bodyOf(await reset(token), 200);
    const verified = env.DB.prepare("SELECT email_verified FROM users WHERE id = ?").bind(owner.id);
    expect(await verified.first("email_verified")).toBe(0);
  });
});
