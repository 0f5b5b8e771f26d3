import { env } from "cloudflare:workers";
import { scryptSync } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { expect, vi } from "vitest";
import { database } from "#src/db/client.ts";
import { findUser, newUserStatements } from "#src/identity/accounts/user-repository.ts";
import { openSession } from "#src/identity/sessions/issue-tokens.ts";
import { systemClock } from "#src/kernel/clock.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { call, send } from "./api.ts";
import { createClient } from "./users.ts";

export const password = "Correct-Horse-9";

const db = database(env.DB);

/** What the identity use cases need, as the gateway has it. */
export const identity = { db, clock: systemClock, settings: settingsOf(env) };

/** A hash of the password with parameters that cost next to nothing: tests make many accounts. */
const cheapHash = (() => {
  const salt = Buffer.alloc(16, 7);
  const key = scryptSync(password, salt, 32, { N: 2 ** 4, r: 8, p: 1 });
  const base64 = (bytes: Buffer) => bytes.toString("base64").replaceAll("=", "");
  return `$scrypt$ln=4,r=8,p=1$${base64(salt)}$${base64(key)}`;
})();

let number = 0;

/** An account whose password is `password`. */
export async function account(clientId: string, over: { role?: "user" | "moderator" | "admin" } = {}) {
  await createClient(clientId);
  const now = systemClock.now();
  const id = uuidv7({ msecs: now });
  const email = `account${number++}@${clientId.replaceAll("_", "-")}.example`;
  const user = { id, email, clientId, passwordHash: cheapHash, createdAt: now, updatedAt: now, ...over };
  await db.batch(newUserStatements(db, user, {}, uuidv7()));
  return { id, email, clientId };
}

/** An account with a session of its own in the database, as its owner holds it. */
export async function signedIn(clientId: string, over: Parameters<typeof account>[1] = {}) {
  const made = await account(clientId, over);
  return { ...made, ...(await anotherSession(made.id)) };
}

/** One more session of an account. */
export async function anotherSession(userId: string, ip = "198.51.100.1") {
  const user = await findUser(db, userId);
  if (!user) throw new Error("no such account");
  const tokens = await openSession(identity, user, { ip, userAgent: "test" });
  return {
    token: tokens.access_token,
    refreshToken: tokens.refresh_token,
    headers: { authorization: `Bearer ${tokens.access_token}` },
  };
}

/** Headers of a call that comes from an address. */
export const from = (ip: string) => ({ "cf-connecting-ip": ip });

export const logIn = (email: string, secret = password, ip = "198.51.100.1"): Promise<Response> =>
  send("POST", "/api/v1/auth/login", { email, password: secret }, from(ip));

/** Whether an access token is still good. */
export const statusOf = async (headers: Record<string, string>): Promise<number> =>
  (await call("/api/v1/auth/session", { headers })).status;

/** Does something when some time has passed. */
export async function later<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + milliseconds });
  try {
    return await work();
  } finally {
    vi.useRealTimers();
  }
}

export interface Letter {
  to: string;
  subject: string;
  text: string;
}

/** Letters to an address about something, newest first. */
export async function lettersTo(address: string, subject: string): Promise<Letter[]> {
  const { letters } = await (await call("/dev/mailbox", { headers: { host: "localhost" } })).json<{
    letters: Letter[];
  }>();
  return letters.filter(({ to, subject: about }) => to === address && about === subject);
}

/** The tokens that were mailed to an address, newest first, once there are that many. */
export async function mailedTokens(address: string, subject: string, count = 1): Promise<string[]> {
  await expect.poll(async () => (await lettersTo(address, subject)).length).toBe(count);
  return (await lettersTo(address, subject)).map(({ text }) => /[0-9a-f]{64}/.exec(text)?.[0] ?? "");
}

/** The actions that the audit log has of an account, oldest first. */
export async function auditedActions(userId: string): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT action FROM audit_log WHERE target_id = ? ORDER BY created_at, id",
  )
    .bind(userId)
    .all<{ action: string }>();
  return results.map(({ action }) => action);
}
