import { type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { v7 as uuidv7 } from "uuid";
import { commerceChanges, eventOutbox } from "#src/db/commerce/index.ts";
import { insertSelect, type RowSource } from "#src/db/insert-select.ts";
import type { Actor } from "#src/kernel/actor.ts";
import type { Platform } from "#src/platform.ts";
import { cutText } from "#src/text/cut-text.ts";
import type { Change } from "./take-over.ts";

/** A field of the entry that a statement over a list is at. */
export const of = (field: string): SQL => sql.raw(`value ->> '${field}'`);

/** A row for each entry of a list in JSON. */
export const each = <T extends SQLiteTable>(
  { commerce: { db } }: Pick<Platform, "commerce">,
  table: T,
  row: RowSource<T>,
  list: string,
) => insertSelect(db, table, row, sql`FROM json_each(${list}) WHERE true`);

/** The statements that tell of many things, and remember who has changed them: two, however many there are. */
export function tellOfImport(
  platform: Pick<Platform, "commerce">,
  { clientId, userId, via, device }: Actor,
  changes: readonly Change<{ id: string }>[],
  now: number,
) {
  const id = () => uuidv7({ msecs: now });
  const list = JSON.stringify(
    changes.map(({ thing, event, facts }) => ({
      ...{ id: thing.id, event, facts },
      ...{ event_id: id(), change_id: id() },
    })),
  );
  const event = {
    ...{ id: of("event_id"), clientId, event: of("event"), entityId: of("id"), ownerUserId: null },
    data: of("facts"),
    createdAt: now,
  };
  const change = {
    ...{
      id: of("change_id"),
      clientId,
      action: of("event"),
      entityId: of("id"),
      actorId: userId ?? null,
      via,
    },
    ...{ ip: device.ip, userAgent: cutText(device.userAgent, 255) },
    details: { imported: true },
    createdAt: now,
  };
  return [each(platform, eventOutbox, event, list), each(platform, commerceChanges, change, list)] as const;
}
