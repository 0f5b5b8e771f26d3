import { and, desc, eq, lt, ne, or, type SQL, sql } from "drizzle-orm";
import { hasRow } from "#src/db/batch-conditions.ts";
import type { Database } from "#src/db/client.ts";
import { insertWhere } from "#src/db/insert-select.ts";
import { triggers } from "#src/db/schema/index.ts";
import type { PageRequest } from "#src/http/page.ts";

export type TriggerRow = typeof triggers.$inferSelect;

/** Triggers that a persona, and that a tenant may have. */
export const maxOfInstance = 20;
export const maxOfTenant = 200;

/** Failures in a row after which a trigger is switched off. */
export const maxFailures = 10;

/** A persona's triggers, newest first; one more than the limit when there are more. */
export const pageTriggers = (db: Database, instanceId: string, { after, limit }: PageRequest) =>
  db
    .select()
    .from(triggers)
    .where(
      and(
        eq(triggers.instanceId, instanceId),
        after && sql`(${triggers.createdAt}, ${triggers.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(triggers.createdAt), desc(triggers.id))
    .limit(limit + 1);

export const findTrigger = (db: Database, id: string) =>
  db.select().from(triggers).where(eq(triggers.id, id)).get();

/** Writes a trigger while its persona and its tenant may have more; false when one may not. */
export async function insertTrigger(db: Database, row: TriggerRow): Promise<boolean> {
  const ofInstance = db.$count(triggers, eq(triggers.instanceId, row.instanceId));
  const ofTenant = db.$count(triggers, eq(triggers.clientId, row.clientId));
  const hasRoom = sql`${ofInstance} < ${maxOfInstance} AND ${ofTenant} < ${maxOfTenant}`;
  return (await insertWhere(db, triggers, row, hasRoom)).meta.changes > 0;
}

type Change = Partial<Pick<TriggerRow, "event" | "condition" | "input" | "maxPerHour" | "isEnabled">>;

/** Changes a trigger, of which its log is to be told; one that is switched on begins without failures. */
export const changeTrigger = (db: Database, id: string, change: Change, now: number) =>
  db
    .update(triggers)
    .set({
      ...change,
      ...(change.isEnabled === true && { failures: 0, lastError: null }),
      version: sql`${triggers.version} + 1`,
      isPending: true,
      updatedAt: now,
    })
    .where(eq(triggers.id, id))
    .returning();

export const removeTrigger = (db: Database, id: string) => db.delete(triggers).where(eq(triggers.id, id));

/** Notes that the log knows a version; a newer one in between stays pending. */
export const markTold = (db: Database, { id, version }: Pick<TriggerRow, "id" | "version">) =>
  db
    .update(triggers)
    .set({ isPending: false })
    .where(and(eq(triggers.id, id), eq(triggers.version, version)));

/** Triggers of which the log has not been told since a time, the oldest first. */
export const pendingTriggers = (db: Database, until: number, limit: number) =>
  db
    .select()
    .from(triggers)
    // Written out as the partial index has it, so that it serves.
    .where(and(sql`${triggers.isPending} = 1`, sql`${triggers.updatedAt} <= ${until}`))
    .orderBy(triggers.updatedAt)
    .limit(limit);

const hourMs = 3_600_000;

/** The hour that a time is in, in hours since 1970. */
export const hourOf = (now: number): number => Math.floor(now / hourMs);

/** Takes one of the times that a trigger may fire in this hour; false when there is none left. */
export async function takeTime(db: Database, { id }: Pick<TriggerRow, "id">, now: number): Promise<boolean> {
  const hour = hourOf(now);
  const isAnother = ne(triggers.hour, hour);
  const { meta } = await db
    .update(triggers)
    .set({
      hour,
      firedInHour: sql`CASE WHEN ${isAnother} THEN 1 ELSE ${triggers.firedInHour} + 1 END`,
    })
    .where(and(eq(triggers.id, id), or(isAnother, lt(triggers.firedInHour, triggers.maxPerHour))));
  return meta.changes > 0;
}

/** An event of a log that a trigger has done something about. */
export interface DoneWith {
  epoch: string;
  seq: number;
}

const isNewsTo = (id: string, { epoch, seq }: DoneWith): SQL | undefined =>
  and(eq(triggers.id, id), sql`NOT (${triggers.epoch} IS ${epoch} AND ${triggers.seq} >= ${seq})`);

/** True while nothing has been noted of an event, or of one after it. */
export const isNews = (id: string, done: DoneWith): SQL => hasRow(triggers, isNewsTo(id, done));

/** What has come of an event: the persona was started, or what it was not for. */
export interface CameOf {
  /** Its code; null when the persona was started. */
  error: string | null;
  /** Whether it is one of the failures that switch the trigger off. */
  isFailure: boolean;
}

/** Notes what has come of an event, once; the tenth failure in a row switches the trigger off. */
export const noteDone = (
  db: Database,
  id: string,
  { epoch, seq }: DoneWith,
  { error, isFailure }: CameOf,
  now: number,
) =>
  db
    .update(triggers)
    .set({
      epoch,
      seq,
      lastError: error,
      ...(error === null && { failures: 0, lastFiredAt: now }),
      ...(isFailure && {
        failures: sql`${triggers.failures} + 1`,
        isEnabled: sql`${triggers.isEnabled} AND ${triggers.failures} + 1 < ${maxFailures}`,
      }),
    })
    .where(isNewsTo(id, { epoch, seq }));

/** Whether an event is done with already. */
export const isDone = (row: Pick<TriggerRow, "epoch" | "seq">, { epoch, seq }: DoneWith): boolean =>
  row.epoch === epoch && row.seq >= seq;
