import { and, asc, desc, eq, type SQL, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { insertWhere } from "#src/db/insert-select.ts";
import { funnels, rollupDays } from "#src/db/schema/index.ts";
import type { PageRequest } from "#src/http/page.ts";
import type { ChangedFunnel } from "./schemas.ts";

export type FunnelRow = typeof funnels.$inferSelect;

/** Funnels that a tenant may have. */
export const maxFunnels = 20;

const one = (clientId: string | undefined, id: string) =>
  and(eq(funnels.id, id), clientId === undefined ? undefined : eq(funnels.clientId, clientId));

/** Under which the rollups have what a funnel has counted. */
export const metricOfFunnel = (key: string) => `funnel:${key}` as const;

/** A tenant's funnels, newest first; one more than the limit when there are more. */
export const pageOfTenant = (db: Database, clientId: string, { after, limit }: PageRequest) =>
  db
    .select()
    .from(funnels)
    .where(
      and(
        eq(funnels.clientId, clientId),
        after && sql`(${funnels.createdAt}, ${funnels.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(funnels.createdAt), desc(funnels.id))
    .limit(limit + 1);

export const findFunnel = (db: Database, clientId: string | undefined, id: string) =>
  db.select().from(funnels).where(one(clientId, id)).get();

/** True while a tenant may have another one. */
export const hasRoom = (db: Database, clientId: string): SQL =>
  sql`${db.$count(funnels, eq(funnels.clientId, clientId))} < ${maxFunnels}`;

/** Writes a funnel while the tenant may have more. */
export const insertFunnel = (db: Database, row: FunnelRow) =>
  insertWhere(db, funnels, row, hasRoom(db, row.clientId));

/** What was counted under a key of a tenant's is there no more. */
const forgetCounts = (db: Database, { clientId, key }: Pick<FunnelRow, "clientId" | "key">) =>
  db
    .delete(rollupDays)
    .where(and(eq(rollupDays.clientId, clientId), eq(rollupDays.metric, metricOfFunnel(key))));

/**
 * Changes a funnel.
 * @param anew a key where it is counted anew, from the events that are still known
 */
export function updateFunnel(
  db: Database,
  funnel: FunnelRow,
  { name, steps, window_days: windowDays }: ChangedFunnel,
  now: number,
  anew: string | undefined,
) {
  const change = db
    .update(funnels)
    .set({ name, steps, windowDays, updatedAt: now, ...(anew !== undefined && { key: anew, counted: 0 }) })
    .where(eq(funnels.id, funnel.id))
    .returning();
  return anew === undefined ? ([change] as const) : ([change, forgetCounts(db, funnel)] as const);
}

export const deleteFunnel = (db: Database, funnel: FunnelRow) =>
  [db.delete(funnels).where(eq(funnels.id, funnel.id)), forgetCounts(db, funnel)] as const;

/** Funnels of all tenants, the one that has counted least first. */
export const funnelsInTurn = (db: Database, limit: number) =>
  db.select().from(funnels).orderBy(asc(funnels.counted)).limit(limit);
