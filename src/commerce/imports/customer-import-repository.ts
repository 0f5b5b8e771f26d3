import { and, eq, isNull, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { customers } from "#src/db/commerce/index.ts";
import type { Actor } from "#src/kernel/actor.ts";
import type { Platform } from "#src/platform.ts";
import type { CustomerRow } from "../customers/customer-repository.ts";
import { guard } from "../guard-statement.ts";
import { each, of, tellOfImport } from "./import-statements.ts";
import type { Change } from "./take-over.ts";

/** What customers may be known by. */
export interface CustomerNames {
  ids: readonly string[];
  externalIds: readonly string[];
  emails: readonly string[];
}

/** Customers of a tenant by what they may be known by. */
export const customersNamed = (db: Database, clientId: string, { ids, externalIds, emails }: CustomerNames) =>
  db
    .select()
    .from(customers)
    .where(
      and(
        eq(customers.clientId, clientId),
        isNull(customers.deletedAt),
        // Written out as the partial indexes have it, so that they serve.
        sql`(id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))
          OR (external_id IS NOT NULL AND external_id IN (SELECT value FROM json_each(${JSON.stringify(externalIds)})))
          OR (email IS NOT NULL AND lower(email) IN (SELECT lower(value) FROM json_each(${JSON.stringify(emails)}))))`,
      ),
    );

/** Whether all of a list are as they were read. */
const areAsRead = (clientId: string, list: string) =>
  sql`NOT EXISTS (
    SELECT 1 FROM json_each(${list}) AS entry
    LEFT JOIN customers ON customers.id = entry.value ->> 'id' AND customers.client_id = ${clientId}
      AND customers.deleted_at IS NULL
    WHERE coalesce(customers.version, 0) <> entry.value ->> 'was')`;

/** Writes customers that an import makes and changes, with what is told of them. What their orders say is left alone. */
export function writeCustomers(
  platform: Platform,
  actor: Actor,
  changes: readonly Change<CustomerRow>[],
  now: number,
) {
  const { commerce } = platform;
  const list = JSON.stringify(changes.map(({ was, thing }) => ({ ...thing, was })));
  const row = {
    ...{ id: of("id"), clientId: actor.clientId, name: of("name"), email: of("email"), phone: of("phone") },
    ...{ externalId: of("externalId"), userId: of("userId"), address: of("address"), tags: of("tags") },
    ...{ notes: of("notes"), ordersCount: 0, lastOrderAt: null, lastOrderDay: null },
    ...{ isActive: of("isActive"), version: of("version") },
    ...{ createdAt: of("createdAt"), updatedAt: of("updatedAt"), deletedAt: null },
  };
  commerce.told(actor.clientId);
  return commerce.db.batch([
    guard(commerce.db, areAsRead(actor.clientId, list)),
    each(platform, customers, row, list).onConflictDoUpdate({
      target: customers.id,
      set: {
        name: sql`excluded.name`,
        email: sql`excluded.email`,
        phone: sql`excluded.phone`,
        externalId: sql`excluded.external_id`,
        address: sql`excluded.address`,
        tags: sql`excluded.tags`,
        notes: sql`excluded.notes`,
        isActive: sql`excluded.is_active`,
        version: sql`excluded.version`,
        updatedAt: sql`excluded.updated_at`,
      },
    }),
    ...tellOfImport(platform, actor, changes, now),
  ]);
}
