import { and, asc, desc, eq, gte, inArray, lt, lte, type SQL, sql } from "drizzle-orm";
import { hasRow } from "#src/db/batch-conditions.ts";
import type { Database } from "#src/db/client.ts";
import { commerceChanges, orderItems, orderPayments, orders } from "#src/db/commerce/index.ts";
import { isOneOf } from "../ids-condition.ts";
import type { ListRequest } from "../list-query.ts";
import type { ListOrders } from "./schemas.ts";

export type OrderRow = typeof orders.$inferSelect;
export type OrderItemRow = typeof orderItems.$inferSelect;
export type OrderPaymentRow = typeof orderPayments.$inferSelect;

const ofTenant = (clientId: string, id: string) => and(eq(orders.clientId, clientId), eq(orders.id, id));

export const findOrder = (db: Database, clientId: string, id: string) =>
  db.select().from(orders).where(ofTenant(clientId, id)).get();

/** The lines of orders, in their order. */
export const itemsOf = (db: Database, orderIds: readonly string[]) =>
  db
    .select()
    .from(orderItems)
    .where(isOneOf(orderItems.orderId, orderIds))
    .orderBy(asc(orderItems.orderId), asc(orderItems.line));

type Filters = Omit<ListOrders, "cursor" | "limit" | "offset" | "expand" | "sort">;

const conditionOf = (clientId: string, of: Filters): SQL | undefined =>
  and(
    eq(orders.clientId, clientId),
    of.ids && isOneOf(orders.id, of.ids),
    of.status && inArray(orders.status, of.status),
    of.payment_status && eq(orders.paymentStatus, of.payment_status),
    of.customer_id === undefined ? undefined : eq(orders.customerId, of.customer_id),
    of.location_id === undefined ? undefined : eq(orders.locationId, of.location_id),
    of.source && eq(orders.source, of.source),
    of.instance_id === undefined ? undefined : eq(orders.instanceId, of.instance_id),
    of.date_from === undefined ? undefined : gte(orders.createdAt, of.date_from),
    of.date_to === undefined ? undefined : lt(orders.createdAt, of.date_to),
    of.number === undefined ? undefined : eq(orders.number, of.number),
    of.min_total === undefined ? undefined : gte(orders.total, of.min_total),
    of.max_total === undefined ? undefined : lte(orders.total, of.max_total),
  );

/** A page of a tenant's orders, sorted by time or by what they come to; one more than the limit when there are more. */
export function listOrderRows(
  db: Database,
  clientId: string,
  { sort, ...filters }: Filters & Pick<ListOrders, "sort">,
  { after, limit, offset }: ListRequest,
) {
  const column = sort.endsWith("total") ? orders.total : orders.createdAt;
  const falls = sort.startsWith("-");
  const beyond = falls ? sql`<` : sql`>`;
  const order = falls ? desc : asc;
  return db
    .select()
    .from(orders)
    .where(
      and(
        conditionOf(clientId, filters),
        after && sql`(${column}, ${orders.id}) ${beyond} (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(order(column), order(orders.id))
    .limit(limit + 1)
    .offset(offset);
}

/** True while an order is as it was read. */
export const isOrderAt = ({ clientId, id, version }: Pick<OrderRow, "clientId" | "id" | "version">): SQL =>
  hasRow(orders, and(ofTenant(clientId, id), eq(orders.version, version)));

/** Has an order be different; behind a guard that it is as it was read. */
export const changeOrder = (
  db: Database,
  { id, version }: OrderRow,
  change: Partial<OrderRow>,
  now: number,
) =>
  db
    .update(orders)
    .set({ ...change, version: version + 1, updatedAt: now })
    .where(eq(orders.id, id))
    .returning();

/** Takes the addresses off a customer's orders. */
export const eraseAddressesOf = (db: Database, { id, clientId }: { id: string; clientId: string }) =>
  db
    .update(orders)
    .set({ shippingAddress: null })
    .where(and(eq(orders.customerId, id), eq(orders.clientId, clientId)));

/** The ledger of an order, oldest first; one more than the limit when there are more. */
export const listPaymentRows = (db: Database, orderId: string, { after, limit, offset }: ListRequest) =>
  db
    .select()
    .from(orderPayments)
    .where(
      and(
        eq(orderPayments.orderId, orderId),
        after && sql`(${orderPayments.createdAt}, ${orderPayments.id}) > (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(asc(orderPayments.createdAt), asc(orderPayments.id))
    .limit(limit + 1)
    .offset(offset);

export const findPayment = (db: Database, id: string) =>
  db.select().from(orderPayments).where(eq(orderPayments.id, id)).get();

export const insertPayment = (db: Database, row: OrderPaymentRow) => db.insert(orderPayments).values(row);

/** What has been done with an order, oldest first; one more than the limit when there is more. */
export const listChangeRows = (db: Database, orderId: string, { after, limit, offset }: ListRequest) =>
  db
    .select()
    .from(commerceChanges)
    .where(
      and(
        eq(commerceChanges.entityId, orderId),
        after && sql`(${commerceChanges.createdAt}, ${commerceChanges.id}) > (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(asc(commerceChanges.createdAt), asc(commerceChanges.id))
    .limit(limit + 1)
    .offset(offset);

/** Lapsed orders that are looked at for whose turn it is. */
const maxConsidered = 2000;

/**
 * Orders whose time to be confirmed is over and of which nothing is paid, of all tenants in turn: the oldest of each
 * comes before anybody's second, so that no tenant waits for what another has left lying.
 */
export function lapsedOrders(db: Database, now: number, limit: number) {
  const lapsed = db
    .select({ id: orders.id, clientId: orders.clientId, reservedUntil: orders.reservedUntil })
    .from(orders)
    .where(
      // Written out as the partial index has it, so that it serves.
      and(
        sql`status = 'pending' AND reserved_until IS NOT NULL`,
        lte(orders.reservedUntil, now),
        sql`${orders.paid} = ${orders.refunded}`,
      ),
    )
    .orderBy(asc(orders.reservedUntil))
    .limit(maxConsidered)
    .as("lapsed");
  const turn = sql`row_number() OVER (PARTITION BY ${lapsed.clientId} ORDER BY ${lapsed.reservedUntil}, ${lapsed.id})`;
  return db
    .select({ id: lapsed.id, clientId: lapsed.clientId })
    .from(lapsed)
    .orderBy(turn, asc(lapsed.reservedUntil))
    .limit(limit);
}
