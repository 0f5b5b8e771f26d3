import { and, desc, eq, isNull, type SQL, sql } from "drizzle-orm";
import { hasRow } from "#src/db/batch-conditions.ts";
import type { Database } from "#src/db/client.ts";
import { insertWhere } from "#src/db/insert-select.ts";
import { clients, users, webhookEndpoints } from "#src/db/schema/index.ts";
import type { PageRequest } from "#src/http/page.ts";
import type { DisabledReason } from "#src/kernel/webhook-words.ts";

export type WebhookRow = typeof webhookEndpoints.$inferSelect;

/** Webhooks that a tenant may have. */
export const maxWebhooks = 20;

const isThere = isNull(webhookEndpoints.deletedAt);

export const findWebhook = (db: Database, id: string) =>
  db
    .select()
    .from(webhookEndpoints)
    .where(and(eq(webhookEndpoints.id, id), isThere))
    .get();

/** A tenant's webhooks, newest first; one more than the limit when there are more. */
export const pageWebhooks = (db: Database, clientId: string, { after, limit }: PageRequest) =>
  db
    .select()
    .from(webhookEndpoints)
    .where(
      and(
        eq(webhookEndpoints.clientId, clientId),
        isThere,
        after && sql`(${webhookEndpoints.createdAt}, ${webhookEndpoints.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(webhookEndpoints.createdAt), desc(webhookEndpoints.id))
    .limit(limit + 1);

/** True while a tenant may have another one. */
export const hasRoom = (clientId: string): SQL =>
  sql`(SELECT count(*) FROM ${webhookEndpoints}
    WHERE ${webhookEndpoints.clientId} = ${clientId} AND ${isThere}) < ${maxWebhooks}`;

/** Whether a tenant may have another one, as it looks now; undefined where there is no such tenant. */
export const findTenantWithRoom = (db: Database, clientId: string) =>
  db
    .select({ hasRoom: sql<number>`${hasRoom(clientId)}`.mapWith(Boolean) })
    .from(clients)
    .where(eq(clients.id, clientId))
    .get();

/** Inserts while the tenant may have another one, check and insert in one statement. */
export const insertWebhook = (db: Database, row: WebhookRow) =>
  insertWhere(db, webhookEndpoints, row, hasRoom(row.clientId));

const latest = ({ id, version }: Pick<WebhookRow, "id" | "version">) =>
  and(eq(webhookEndpoints.id, id), eq(webhookEndpoints.version, version), isThere);

/** True while a webhook is as it was read. */
export const isUnchanged = (row: WebhookRow): SQL => hasRow(webhookEndpoints, latest(row));

/** Writes a changed webhook over the row it was made from; changes no row when that is no longer the latest. */
export const updateWebhookRow = (db: Database, before: WebhookRow, { id: _, ...changed }: WebhookRow) =>
  db.update(webhookEndpoints).set(changed).where(latest(before));

/** Notes that the objects know a version; a newer one in between stays pending. */
export const markTold = (db: Database, { id, version }: Pick<WebhookRow, "id" | "version">) =>
  db
    .update(webhookEndpoints)
    .set({ isPending: false })
    .where(and(eq(webhookEndpoints.id, id), eq(webhookEndpoints.version, version)));

/** Takes a deleted webhook's row away, once its objects know. */
export const removeWebhookRow = (db: Database, { id }: Pick<WebhookRow, "id">) =>
  db.delete(webhookEndpoints).where(eq(webhookEndpoints.id, id));

/** Webhooks whose objects have not been told since a time, the oldest first. */
export const pendingWebhooks = (db: Database, until: number, limit: number) =>
  db
    .select()
    .from(webhookEndpoints)
    // Written out as the partial index has it, so that it serves.
    .where(and(sql`${webhookEndpoints.isPending} = 1`, sql`${webhookEndpoints.updatedAt} <= ${until}`))
    .orderBy(webhookEndpoints.updatedAt)
    .limit(limit);

const inForce = ({ id, version }: Pick<WebhookRow, "id" | "version">) =>
  and(latest({ id, version }), eq(webhookEndpoints.isActive, true));

/** True while a webhook is switched on, under the settings of a version. */
export const isInForce = (row: Pick<WebhookRow, "id" | "version">): SQL =>
  hasRow(webhookEndpoints, inForce(row));

/** Notes that a webhook has switched itself off under the settings of a version; those that came later stand. */
export const noteDisabled = (
  db: Database,
  row: Pick<WebhookRow, "id" | "version">,
  { reason, at }: { reason: DisabledReason; at: number },
) =>
  db
    .update(webhookEndpoints)
    .set({ isActive: false, disabledReason: reason, disabledAt: at, updatedAt: at })
    .where(inForce(row));

/** Addresses of a tenant's administrators. */
export const administratorsOf = async (db: Database, clientId: string, limit: number): Promise<string[]> => {
  const rows = await db
    .select({ email: users.email })
    .from(users)
    .where(
      and(
        eq(users.clientId, clientId),
        eq(users.role, "admin"),
        eq(users.isActive, true),
        isNull(users.deletedAt),
      ),
    )
    .limit(limit);
  return rows.map(({ email }) => email);
};
