import { asc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "#src/db/client.ts";
import { insertSelect, insertWhere } from "#src/db/insert-select.ts";
import { eventOutbox } from "#src/db/schema/event-outbox.ts";
import type { EventOf } from "#src/kernel/event-catalogue.ts";

/** Something that happened to a row of a tenant: an event of the catalogue, and where it belongs. */
export type TenantEvent = EventOf & {
  clientId: string;
  /** What it is about; order is kept per entity. */
  entityId: string;
  /** The user who may see it besides administrators; null for everybody in the tenant. */
  ownerUserId: string | null;
  /** Of what may be told more than once: by the same id it is told once. */
  id?: string;
};

/**
 * Puts an event into the outbox; stands in the batch that makes the change it
 * tells of. With `when` it is put only if that condition holds: `hasRow`
 * for a change whose own statement decides whether it happens.
 */
export const outboxStatement = (
  db: Database,
  { id, clientId, event, entityId, ownerUserId, data }: TenantEvent,
  now: number,
  when?: SQL,
) =>
  insertWhere(
    db,
    eventOutbox,
    { id: id ?? uuidv7({ msecs: now }), clientId, event, entityId, ownerUserId, data, createdAt: now },
    when,
  );

/**
 * Puts an event that is the same for all of some tenants into the outbox, about each of them; again is the same as once.
 * @param id what the events' ids begin with
 */
export const outboxForTenants = (
  db: Database,
  { event, data }: EventOf,
  { id, tenants, now }: { id: string; tenants: readonly string[]; now: number },
) =>
  insertSelect(
    db,
    eventOutbox,
    {
      id: sql`${`${id}:`} || value`,
      clientId: sql`value`,
      event,
      entityId: sql`value`,
      ownerUserId: null,
      data,
      createdAt: now,
    },
    sql`FROM json_each(${JSON.stringify(tenants)}) WHERE true`,
  ).onConflictDoNothing();

/** The tenant's oldest waiting events, in order. */
export const waitingEvents = (db: Database, clientId: string, limit: number) =>
  db
    .select()
    .from(eventOutbox)
    .where(eq(eventOutbox.clientId, clientId))
    .orderBy(asc(eventOutbox.seq))
    .limit(limit);

/** Tenants with waiting events. */
export const tenantsWithEvents = async (db: Database, limit: number): Promise<string[]> => {
  const rows = await db.selectDistinct({ clientId: eventOutbox.clientId }).from(eventOutbox).limit(limit);
  return rows.map(({ clientId }) => clientId);
};

export const removeEvents = (db: Database, seqs: readonly number[]) =>
  db.delete(eventOutbox).where(inArray(eventOutbox.seq, [...seqs]));
