import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { inProduction } from "#tests/support/settings.ts";
import { createApp } from "#workers/gateway/app.ts";
import {
  account,
  auditedActions,
  from,
  later,
  lettersTo,
  logIn,
  mailedTokens,
  password,
  signedIn,
} from "../../support/accounts.ts";
import { send } from "../../support/api.ts";
import { bodyOf, eventOf } from "../../support/personas.ts";
import { createClient } from "../../support/users.ts";

const resetSubject = "Reset your password";
const verifySubject = "Verify your e-mail address";
const chosen = "Chosen-Horse-7";
const day = 86_400_000;

const forgot = (email: string, ip?: string): Promise<Response> =>
  send("POST", "/api/v1/auth/password/forgot", { email }, ip === undefined ? {} : from(ip));

/** Asks, and waits for what is done after the answer. */
async function askToTheEnd(
  path: string,
  body: unknown,
  bindings = env,
  headers: Record<string, string> = {},
) {
  const context = createExecutionContext();
  const request = new Request(`http://platform.test${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const answer = await createApp().fetch(request, bindings, context);
  await waitOnExecutionContext(context);
  return answer;
}

const forgotToTheEnd = (email: string, bindings = env): Promise<Response> =>
  askToTheEnd("/api/v1/auth/password/forgot", { email }, bindings);

const reset = (token: string, new_password = chosen): Promise<Response> =>
  send("POST", "/api/v1/auth/password/reset", { token, new_password });

const verify = (token: string): Promise<Response> => send("POST", "/api/v1/auth/verify-email", { token });

const resend = (headers: Record<string, string>): Promise<Response> =>
  send("POST", "/api/v1/auth/verify-email/resend", {}, headers);

const isVerified = (id: string) =>
  env.DB.prepare("SELECT email_verified FROM users WHERE id = ?").bind(id).first<number>("email_verified");

/** A mailed reset token of a new account. */
async function forgotten(clientId: string) {
  const owner = await account(clientId);
  await forgot(owner.email);
  const [token = ""] = await mailedTokens(owner.email, resetSubject);
  return { ...owner, token };
}

describe("A mailed token for a new password", () => {
  it("is good for an hour", async () => {
    const { token } = await forgotten("reset_late");
    expect((await later(3_601_000, () => reset(token))).status).toBe(401);
    expect((await later(3_590_000, () => reset(token))).status).toBe(200);
  });

  it("is good once, also for two at the same moment", async () => {
    const { token, id } = await forgotten("reset_once");
    const answers = await Promise.all([reset(token, "First-Horse-1"), reset(token, "Second-Horse-2")]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect((await auditedActions(id)).filter((action) => action === "user.password_reset")).toHaveLength(1);
  });

  it("is replaced by the next one", async () => {
    const { token, email } = await forgotten("reset_newer");
    await forgot(email);
    const [newer = ""] = await mailedTokens(email, resetSubject, 2);
    expect((await reset(token)).status).toBe(401);
    expect((await reset(newer)).status).toBe(200);
  });

  it("is void when the password was changed another way", async () => {
    const owner = await signedIn("reset_changed");
    await forgot(owner.email);
    const [token = ""] = await mailedTokens(owner.email, resetSubject);
    const change = { current_password: password, new_password: "Changed-Horse-5" };
    await bodyOf(await send("POST", "/api/v1/user/password", change, owner.headers), 200);
    expect((await reset(token)).status).toBe(401);
  });

  it("stays good when the new password is refused", async () => {
    const { token } = await forgotten("reset_refused");
    for (const weak of ["short", "Password123", "no-digits-Here"]) {
      expect((await reset(token, weak)).status).toBe(400);
    }
    expect((await reset(token)).status).toBe(200);
  });

  it("does not set the e-mail address as password", async () => {
    const { token, email } = await forgotten("reset_own");
    const same = email.replace(/^a/, "A");
    expect(await bodyOf(await reset(token, same), 400)).toMatchObject({
      details: { fields: [{ path: "new_password", message: "Not your e-mail address" }] },
    });
  });

  it("proves the address, and lifts the lock of failed sign-ins", async () => {
    const owner = await account("reset_proves");
    for (let count = 0; count < 6; count++) await logIn(owner.email, "Wrong-Horse-9");
    await forgot(owner.email);
    const [token = ""] = await mailedTokens(owner.email, resetSubject);
    expect((await logIn(owner.email)).status).toBe(429);
    await send("POST", "/api/v1/auth/password/reset", { token, new_password: chosen }, from("198.51.100.1"));
    expect((await logIn(owner.email, chosen)).status).toBe(200);
    expect(await isVerified(owner.id)).toBe(1);
  });

  it("is no proof of the address, nor one of that good here", async () => {
    const owner = await signedIn("reset_mixed");
    await resend(owner.headers);
    const [proof = ""] = await mailedTokens(owner.email, verifySubject);
    await forgot(owner.email);
    const [token = ""] = await mailedTokens(owner.email, resetSubject);
    expect([(await verify(token)).status, (await reset(proof)).status]).toEqual([401, 401]);
  });

  it("is of no use once the account is switched off", async () => {
    const { token, id } = await forgotten("reset_off");
    await env.DB.prepare("UPDATE users SET is_active = 0 WHERE id = ?").bind(id).run();
    expect((await reset(token)).status).toBe(401);
  });
});

describe("POST /auth/password/forgot", () => {
  it("mails an account five times an hour at most, and says the same every time", async () => {
    const { email } = await account("forgot_often");
    const answers = [];
    for (let count = 0; count < 7; count++) answers.push(await forgot(email));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
    await mailedTokens(email, resetSubject, 5);
    await later(3_601_000, () => forgotToTheEnd(email));
    await mailedTokens(email, resetSubject, 6);
  });

  it("mails nobody without a living account", async () => {
    const [off, gone] = [await account("forgot_off"), await account("forgot_off")];
    await env.DB.prepare("UPDATE users SET is_active = 0 WHERE id = ?").bind(off.id).run();
    await env.DB.prepare("UPDATE users SET deleted_at = 1 WHERE id = ?").bind(gone.id).run();
    for (const email of [off.email, gone.email, "nobody@forgot-off.example"]) {
      expect((await forgotToTheEnd(email)).status).toBe(202);
      expect(await lettersTo(email, resetSubject)).toEqual([]);
    }
  });

  it("takes twenty from an address, whoever they are for, and says when it takes more", async () => {
    const ip = "203.0.113.50";
    const ask = (number: number) => forgot(`nobody${number}@forgot-flood.example`, ip);
    const answers = await Promise.all(Array.from({ length: 30 }, (_, number) => ask(number)));
    const accepted = answers.filter(({ status }) => status === 202).length;
    expect(accepted).toBeGreaterThan(0);
    expect(accepted).toBeLessThanOrEqual(20);
    const refused = await ask(31);
    expect(await bodyOf(refused, 429)).toMatchObject({ error: "RATE_LIMITED" });
    const seconds = Number(refused.headers.get("retry-after"));
    expect((await forgot("nobody@forgot-flood.example", "203.0.113.51")).status).toBe(202);
    expect((await later(seconds * 1000, () => ask(32))).status).toBe(202);
  });

  it("counts the mails of one address in order: the twentieth goes through, the next does not", async () => {
    const ip = "203.0.113.60";
    const statuses = [];
    for (let number = 0; number < 21; number++) {
      statuses.push((await forgot(`nobody${number}@forgot-order.example`, ip)).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 202), 429]);
  });

  it("counts the mails of registrations too, which are made all the same", async () => {
    await createClient("forgot_registering");
    const ip = "203.0.113.70";
    const register = async (email: string) => {
      const body = { email, password, client_id: "forgot_registering" };
      expect((await askToTheEnd("/api/v1/auth/register", body, env, from(ip))).status).toBe(201);
      return lettersTo(email, verifySubject);
    };
    expect(await register("first@forgot-registering.example")).toHaveLength(1);
    await env.DB.prepare("UPDATE login_failures SET failures = 20 WHERE key = ?").bind(`mails:${ip}`).run();
    expect(await register("second@forgot-registering.example")).toHaveLength(0);
  });

  it("in production without a mail provider says so to everybody", async () => {
    const { email } = await account("forgot_unconfigured");
    const production = { ...env, ...inProduction };
    for (const asked of [email, "nobody@forgot-unconfigured.example"]) {
      const answer = await forgotToTheEnd(asked, production);
      expect(await bodyOf(answer, 503)).toMatchObject({ error: "UPSTREAM_UNAVAILABLE" });
    }
  });
});

describe("Verifying an address", () => {
  it("is remembered, told and shown", async () => {
    const owner = await signedIn("verify_told");
    expect((await resend(owner.headers)).status).toBe(202);
    const [token = ""] = await mailedTokens(owner.email, verifySubject);
    expect((await verify(token)).status).toBe(200);
    expect(await isVerified(owner.id)).toBe(1);
    expect(await auditedActions(owner.id)).toContain("user.email_verified");
    const told = await eventOf("verify_told", "user.updated");
    expect(told).toMatchObject({ entity_id: owner.id, data: { changed: ["email_verified"] } });
  });

  it("takes a token for a day, and once", async () => {
    const owner = await signedIn("verify_late");
    await resend(owner.headers);
    const [token = ""] = await mailedTokens(owner.email, verifySubject);
    expect((await later(day + 1000, () => verify(token))).status).toBe(401);
    const answers = await Promise.all([verify(token), verify(token)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  it("takes the latest token only", async () => {
    const owner = await signedIn("verify_newer");
    await resend(owner.headers);
    await resend(owner.headers);
    const [newer = "", older = ""] = await mailedTokens(owner.email, verifySubject, 2);
    expect([(await verify(older)).status, (await verify(newer)).status]).toEqual([401, 200]);
  });

  it("is offered again five times an hour, and not once it is done", async () => {
    const owner = await signedIn("verify_often");
    const statuses = [];
    for (let count = 0; count < 5; count++) statuses.push((await resend(owner.headers)).status);
    expect(statuses).toEqual([202, 202, 202, 202, 202]);
    const refused = await resend(owner.headers);
    const seconds = Number(refused.headers.get("retry-after"));
    expect(refused.status).toBe(429);
    expect(seconds).toBeGreaterThan(3500);
    expect(seconds).toBeLessThanOrEqual(3600);
    const [token = ""] = await mailedTokens(owner.email, verifySubject, 5);
    await verify(token);
    expect(await bodyOf(await resend(owner.headers), 409)).toMatchObject({ error: "CONFLICT" });
  });

  it("does nothing for an account that is gone", async () => {
    const owner = await signedIn("verify_gone");
    await resend(owner.headers);
    const [token = ""] = await mailedTokens(owner.email, verifySubject);
    await env.DB.prepare("UPDATE users SET deleted_at = 1 WHERE id = ?").bind(owner.id).run();
    expect((await verify(token)).status).toBe(401);
    expect(await isVerified(owner.id)).toBe(0);
  });
});
