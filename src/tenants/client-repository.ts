import { and, desc, eq, type SQL, sql } from "drizzle-orm";
import { hasRow } from "#src/db/batch-conditions.ts";
import type { Database } from "#src/db/client.ts";
import { clients, personaInstances, users } from "#src/db/schema/index.ts";
import type { PageRequest } from "#src/http/page.ts";

export type ClientRow = typeof clients.$inferSelect;

export const findClient = (db: Database, clientId: string) =>
  db.select().from(clients).where(eq(clients.id, clientId)).get();

/** Tenants, all or one, newest first; one more than the limit when there are more. */
export const pageClients = (
  db: Database,
  clientId: string | undefined,
  isActive: boolean | undefined,
  { after, limit }: PageRequest,
) =>
  db
    .select()
    .from(clients)
    .where(
      and(
        clientId === undefined ? undefined : eq(clients.id, clientId),
        isActive === undefined ? undefined : eq(clients.isActive, isActive),
        after && sql`(${clients.createdAt}, ${clients.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(clients.createdAt), desc(clients.id))
    .limit(limit + 1);

/** Inserts unless the id is taken; changes no row then. */
export const insertClient = (db: Database, row: ClientRow) =>
  db.insert(clients).values(row).onConflictDoNothing();

const mayBecome = (before: ClientRow) =>
  and(eq(clients.id, before.id), eq(clients.updatedAt, before.updatedAt));

/** True while `updateClientRow` would change the row. */
export const canBecome = (before: ClientRow): SQL => hasRow(clients, mayBecome(before));

/** True while `insertClient` would insert it. */
export const isNewClient = (clientId: string): SQL => sql`NOT ${hasRow(clients, eq(clients.id, clientId))}`;

/**
 * Writes a changed tenant over the row it was made from; changes no row when that is no longer the latest.
 */
export const updateClientRow = (db: Database, before: ClientRow, { id, createdAt, ...changing }: ClientRow) =>
  db.update(clients).set(changing).where(mayBecome(before));

/** Notes that the tenant's gate knows; a newer change in between keeps it pending. */
export const markGateTold = (
  db: Database,
  { id, isActive, hubShardsAt }: Pick<ClientRow, "id" | "isActive" | "hubShardsAt">,
) =>
  db
    .update(clients)
    .set({ gatePending: false })
    .where(and(eq(clients.id, id), eq(clients.isActive, isActive), eq(clients.hubShardsAt, hubShardsAt)));

/** Tenants whose gate has not been told yet. */
export const clientsWithPendingGate = (db: Database, limit: number) =>
  db
    .select()
    .from(clients)
    // Written out as the partial index has it, so that it serves.
    .where(sql`${clients.gatePending} = 1`)
    .limit(limit);

export interface ClientTotals {
  totalUsers: number;
  activeUsers: number;
  totalInstances: number;
  activeInstances: number;
}

/** How many there are in a tenant; every part is a range of an index that begins with the tenant. */
export const clientTotals = (db: Database, clientId: string): Promise<ClientTotals> =>
  db.get<ClientTotals>(sql`
    SELECT person.*, instance.* FROM
      (SELECT count(*) AS totalUsers, coalesce(sum(${users.isActive}), 0) AS activeUsers
        FROM ${users} WHERE ${users.clientId} = ${clientId} AND ${users.deletedAt} IS NULL) AS person,
      (SELECT count(*) AS totalInstances, coalesce(sum(${personaInstances.isActive}), 0) AS activeInstances
        FROM ${personaInstances} WHERE ${personaInstances.clientId} = ${clientId} AND ${personaInstances.deletedAt} IS NULL) AS instance`);
