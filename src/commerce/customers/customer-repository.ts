import { and, asc, desc, eq, gte, isNull, type SQL, sql } from "drizzle-orm";
import { hasRow } from "#src/db/batch-conditions.ts";
import type { Database } from "#src/db/client.ts";
import { customers, customerTotals } from "#src/db/commerce/index.ts";
import { isOneOf } from "../ids-condition.ts";
import { type ListRequest, matchOf } from "../list-query.ts";
import type { ListCustomers } from "./schemas.ts";

export type CustomerRow = typeof customers.$inferSelect;

const living = (clientId: string, id: string) =>
  and(eq(customers.clientId, clientId), eq(customers.id, id), isNull(customers.deletedAt));

export const findCustomer = (db: Database, clientId: string, id: string) =>
  db.select().from(customers).where(living(clientId, id)).get();

/** Customers of a tenant by their ids, in no order, also those whose personal data is gone. */
export const findCustomers = (db: Database, clientId: string, ids: readonly string[]) =>
  db
    .select()
    .from(customers)
    .where(and(eq(customers.clientId, clientId), isOneOf(customers.id, ids)));

/** What customers' orders were worth, by currency. */
export const totalsOfCustomers = (db: Database, ids: readonly string[]) =>
  db
    .select({
      customerId: customerTotals.customerId,
      amount: customerTotals.value,
      currency: customerTotals.currency,
    })
    .from(customerTotals)
    .where(isOneOf(customerTotals.customerId, ids))
    .orderBy(asc(customerTotals.currency));

/** A page of a tenant's customers, newest first; one more than the limit when there are more. */
export const listCustomerRows = (
  db: Database,
  clientId: string,
  { ids, q, email, tag, min_orders }: Omit<ListCustomers, "cursor" | "limit" | "offset">,
  { after, limit, offset }: ListRequest,
) =>
  db
    .select()
    .from(customers)
    .where(
      and(
        eq(customers.clientId, clientId),
        // Who is asked for by their ids is there for their orders, whatever is left of them.
        ids ? isOneOf(customers.id, ids) : isNull(customers.deletedAt),
        q === undefined
          ? undefined
          : sql`customers.rowid IN (SELECT rowid FROM customer_search WHERE customer_search MATCH ${matchOf(clientId, "name", q)})`,
        // Written out as the partial index has it, so that it serves.
        email === undefined ? undefined : sql`lower(email) = ${email.toLowerCase()} AND email IS NOT NULL`,
        tag === undefined
          ? undefined
          : sql`EXISTS (SELECT 1 FROM json_each(${customers.tags}) WHERE value = ${tag})`,
        min_orders === undefined ? undefined : gte(customers.ordersCount, min_orders),
        after && sql`(${customers.createdAt}, ${customers.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(customers.createdAt), desc(customers.id))
    .limit(limit + 1)
    .offset(offset);

export const insertCustomer = (db: Database, row: CustomerRow) => db.insert(customers).values(row);

/** True while a customer is as it was read. */
export const isCustomerAt = ({
  clientId,
  id,
  version,
}: Pick<CustomerRow, "clientId" | "id" | "version">): SQL =>
  hasRow(customers, and(living(clientId, id), eq(customers.version, version)));

/** Has a customer be as a row says, but for what its orders say; behind a guard that it is as it was read. */
export const replaceCustomer = (
  db: Database,
  { id, clientId, ordersCount: _, lastOrderAt: __, lastOrderDay: ___, ...row }: CustomerRow,
) => db.update(customers).set(row).where(living(clientId, id));
