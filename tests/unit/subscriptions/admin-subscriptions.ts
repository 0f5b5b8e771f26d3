import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { database } from "#src/db/client.ts";
import { subscriptions, users } from "#src/db/schema/index.ts";
import type { Tier } from "#src/kernel/actor.ts";
import { call, send } from "../../support/api.ts";
import { tenantObject } from "../../support/objects.ts";
import { bodyOf } from "../../support/personas.ts";
import type { TestUser } from "../../support/users.ts";

export const path = "/api/v1/admin/subscriptions";

export const nobody = "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c";

export const db = database(env.DB);

export interface Subscription {
  id: string;
  user_id: string;
  tier: Tier;
  status: string;
  trial_ends_at: string | null;
  payment_method: string | null;
}

interface List {
  subscriptions: Subscription[];
  total_count: number;
  page: number;
  limit: number;
  total_pages: number;
}

export const create = (admin: TestUser, body: unknown) => send("POST", path, body, admin.headers);

export const update = (admin: TestUser, userId: string, body: unknown) =>
  send("PUT", `${path}/${userId}`, body, admin.headers);

export const list = async (admin: TestUser, query = "") =>
  bodyOf<List>(await call(`${path}?${query}`, { headers: admin.headers }), 200);

export const store = (userId: string, change: Partial<typeof subscriptions.$inferInsert>) =>
  db.update(subscriptions).set(change).where(eq(subscriptions.userId, userId));

export const tierOf = async (userId: string) =>
  (await db.select().from(users).where(eq(users.id, userId)).get())?.tier;

export const eventsOf = async (clientId: string) =>
  (await tenantObject(clientId).readEvents({ since: 0, limit: 100 })).events.map(({ event }) => event);

/** What somebody has done with their own subscription, as the audit log has it. */
export async function ownActionsOf(userId: string): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT action FROM audit_log WHERE target_id = ?1 AND actor_id = ?1 ORDER BY created_at, id",
  )
    .bind(userId)
    .all<{ action: string }>();
  return results.map(({ action }) => action);
}
