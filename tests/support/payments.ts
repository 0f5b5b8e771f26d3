import { env } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import { expect } from "vitest";
import { api, send } from "./api.ts";
import { bodyOf } from "./personas.ts";
import { createUser, type TestUser } from "./users.ts";

/** Asks the sandbox of payments, as Stripe is asked, or for what people and banks do. */
export async function askStripe<T = unknown>(
  method: string,
  path: string,
  form: Record<string, string> = {},
) {
  if (!env.SANDBOX) throw new Error("no sandbox is bound");
  const answer = await env.SANDBOX.fetch(`https://sandbox.internal/v1${path}`, {
    method,
    ...(method === "POST" ? { body: new URLSearchParams(form) } : {}),
  });
  return { status: answer.status, body: await answer.json<T>() };
}

/** As the sandbox signs what it posts. */
export function signatureOf(
  text: string,
  secret = "whsec_sandbox",
  at = Math.floor(Date.now() / 1000),
): string {
  return `t=${at},v1=${createHmac("sha256", secret).update(`${at}.${text}`).digest("hex")}`;
}

/** What people and banks do. */
export const happens = async (what: string): Promise<void> => {
  expect((await askStripe("POST", `/test_helpers/${what}`)).status).toBe(200);
};

export const pages = { success_url: "https://shop.test/thanks", cancel_url: "https://shop.test/plans" };

export const openPage = (user: TestUser, over: Record<string, unknown> = {}) =>
  send("POST", "/api/v1/subscription/checkout", { tier: "basic", ...pages, ...over }, user.headers);

export const ownSubscriptionOf = async (user: TestUser) =>
  (await api(user.token).GET("/api/v1/subscription")).data;

/** The row of a user's subscription, as it is stored. */
export const storedSubscriptionOf = ({ actor }: TestUser) =>
  env.DB.prepare("SELECT * FROM subscriptions WHERE user_id = ?").bind(actor.userId).first<{
    status: string;
    external_id: string | null;
    customer_id: string | null;
    untold_since: number | null;
    current_period_end: number;
  }>();

/** What the ledger says of a user, in order. */
export const ledgerOf = async ({ actor }: TestUser) =>
  (
    await env.DB.prepare("SELECT kind, amount FROM payments WHERE user_id = ? ORDER BY at, rowid")
      .bind(actor.userId)
      .all<{ kind: string; amount: number }>()
  ).results;

/** A user who has paid for a tier, and the ids of what is billed. */
export async function payer(clientId: string, over: Record<string, unknown> = {}) {
  const user = await createUser(clientId, { tier: "free" });
  const { id } = await bodyOf<{ id: string }>(await openPage(user, over), 201);
  await happens(`checkout_sessions/${id}/pay`);
  await expect.poll(() => ownSubscriptionOf(user)).toMatchObject({ tier: over.tier ?? "basic" });
  const row = await storedSubscriptionOf(user);
  return { user, externalId: row?.external_id ?? "", customerId: row?.customer_id ?? "" };
}
