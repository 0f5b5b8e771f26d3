import { env } from "cloudflare:workers";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import {
  account,
  anotherSession,
  auditedActions,
  later,
  lettersTo,
  logIn,
  mailedTokens,
  password,
  signedIn,
  statusOf,
} from "#tests/support/accounts.ts";
import { call, send } from "#tests/support/api.ts";
import { bodyOf, eventOf } from "#tests/support/personas.ts";

const subject = "Confirm your new e-mail address";
const notice = "The e-mail address of your account was changed";

type Owner = Awaited<ReturnType<typeof signedIn>>;

let number = 0;
const newAddress = () => `new${number++}@elsewhere.example`;

const ask = (owner: Owner, new_email: string, secret = password) =>
  send("POST", "/api/v1/user/email", { password: secret, new_email }, owner.headers);

const confirm = (owner: Pick<Owner, "headers">, token: string) =>
  send("POST", "/api/v1/user/email/confirm", { token }, owner.headers);

/** The token for another address, as it was mailed there. */
async function asked(owner: Owner, address = newAddress()) {
  await bodyOf(await ask(owner, address), 202);
  const [token = ""] = await mailedTokens(address, subject);
  return { address, token };
}

const addressOf = (id: string) =>
  env.DB.prepare("SELECT email FROM users WHERE id = ?").bind(id).first<string>("email");

describe("Another e-mail address", () => {
  it("is the account's once its token comes back, and not before", async () => {
    const owner = await signedIn("email_changed");
    const { address, token } = await asked(owner);
    expect(await addressOf(owner.id)).toBe(owner.email);
    await bodyOf(await confirm(owner, token), 200);
    expect([(await logIn(owner.email)).status, (await logIn(address)).status]).toEqual([401, 200]);
    expect(await auditedActions(owner.id)).toEqual(
      expect.arrayContaining(["user.email_change_requested", "user.email_changed"]),
    );
    const told = await eventOf("email_changed", "user.updated", ({ entity_id }) => entity_id === owner.id);
    expect(told.data).toEqual({ user_id: owner.id, changed: ["email"] });
  });

  it("is proved, and the old one is told", async () => {
    const owner = await signedIn("email_told");
    const { token } = await asked(owner);
    expect(await lettersTo(owner.email, notice)).toEqual([]);
    await bodyOf(await confirm(owner, token), 200);
    await expect.poll(async () => (await lettersTo(owner.email, notice)).length).toBe(1);
    const { email_verified } = await bodyOf<{ email_verified: boolean }>(
      await call("/api/v1/user/profile", { headers: owner.headers }),
      200,
    );
    expect(email_verified).toBe(true);
  });

  it("ends no session: the old token goes on, a refresh says the new address, the password is still asked for", async () => {
    const owner = await signedIn("email_sessions");
    const { address, token } = await asked(owner);
    await bodyOf(await confirm(owner, token), 200);
    expect(await statusOf(owner.headers)).toBe(200);
    const { access_token } = await bodyOf<{ access_token: string }>(
      await send("POST", "/api/v1/auth/refresh", { refresh_token: owner.refreshToken }),
      200,
    );
    expect(decodeJwt(access_token).email).toBe(address);
    // The old address may be somebody else's by now: what is done with the password finds the account by its id.
    const change = { current_password: password, new_password: "Changed-Horse-5" };
    await bodyOf(await send("POST", "/api/v1/user/password", change, owner.headers), 200);
    const leaving = { password: "Changed-Horse-5", confirmation: "DELETE MY ACCOUNT" };
    await bodyOf(await send("DELETE", "/api/v1/user/delete", leaving, owner.headers), 200);
  });

  it("takes the password", async () => {
    const owner = await signedIn("email_password");
    const address = newAddress();
    expect(await bodyOf(await ask(owner, address, "Wrong-Horse-9"), 401)).toMatchObject({
      error: "INVALID_CREDENTIALS",
    });
    expect(await lettersTo(address, subject)).toEqual([]);
  });

  it("is refused when it is the account's already", async () => {
    const owner = await signedIn("email_same");
    expect((await ask(owner, owner.email.toUpperCase())).status).toBe(409);
  });

  it("that another account has is answered alike, and refused in the end", async () => {
    const [owner, other] = [await signedIn("email_taken"), await account("email_taken_too")];
    const { token } = await asked(owner, other.email);
    expect(await bodyOf(await confirm(owner, token), 409)).toMatchObject({ error: "CONFLICT" });
    expect(await addressOf(owner.id)).toBe(owner.email);
    expect(await auditedActions(owner.id)).not.toContain("user.email_changed");
  });

  it("is one account's, of two that confirm it at once", async () => {
    const [one, two] = [await signedIn("email_race"), await signedIn("email_race")];
    const address = newAddress();
    await bodyOf(await ask(one, address), 202);
    const [first = ""] = await mailedTokens(address, subject);
    await bodyOf(await ask(two, address), 202);
    const [second = ""] = await mailedTokens(address, subject, 2);
    const answers = await Promise.all([confirm(one, first), confirm(two, second)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

describe("A token for another address", () => {
  it("is good once, also for two at the same moment", async () => {
    const owner = await signedIn("email_once");
    const { token } = await asked(owner);
    const answers = await Promise.all([confirm(owner, token), confirm(owner, token)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    const changes = (await auditedActions(owner.id)).filter((action) => action === "user.email_changed");
    expect(changes).toHaveLength(1);
  });

  it("is good for an hour, for its own account, and for nothing else", async () => {
    const [owner, other] = [await signedIn("email_token"), await signedIn("email_token")];
    const { token } = await asked(owner);
    expect((await confirm(other, token)).status).toBe(401);
    expect((await send("POST", "/api/v1/auth/verify-email", { token })).status).toBe(401);
    const reset = { token, new_password: "Chosen-Horse-7" };
    expect((await send("POST", "/api/v1/auth/password/reset", reset)).status).toBe(401);
    // The access token has run out by then: one of another session is good.
    const fresh = await later(3_550_000, () => anotherSession(owner.id));
    expect((await later(3_601_000, () => confirm(fresh, token))).status).toBe(401);
    expect((await later(3_590_000, () => confirm(fresh, token))).status).toBe(200);
  });

  it("is replaced by a newer one, and void after a change of the password", async () => {
    const owner = await signedIn("email_newer");
    const [older, newer] = [await asked(owner), await asked(owner)];
    expect((await confirm(owner, older.token)).status).toBe(401);
    const change = { current_password: password, new_password: "Changed-Horse-5" };
    await bodyOf(await send("POST", "/api/v1/user/password", change, owner.headers), 200);
    expect((await confirm(owner, newer.token)).status).toBe(401);
  });

  it("voids, when it is used, what was mailed to the old address", async () => {
    const owner = await signedIn("email_voids");
    await send("POST", "/api/v1/auth/password/forgot", { email: owner.email });
    const [reset = ""] = await mailedTokens(owner.email, "Reset your password");
    const { token } = await asked(owner);
    await bodyOf(await confirm(owner, token), 200);
    const answer = await send("POST", "/api/v1/auth/password/reset", {
      token: reset,
      new_password: "Chosen-Horse-7",
    });
    expect(answer.status).toBe(401);
  });

  it("is mailed five times an hour for an account", async () => {
    const owner = await signedIn("email_often");
    const statuses: number[] = [];
    for (let count = 0; count < 6; count++) statuses.push((await ask(owner, newAddress())).status);
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429]);
  });
});
