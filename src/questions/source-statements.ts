import { type SQL, sql } from "drizzle-orm";
import type { Period } from "./plan-period.ts";

/** Until when a zone is so far ahead of UTC. */
export interface OffsetSpan {
  /** Epoch milliseconds; the last has no end. */
  until: number | null;
  offsetMs: number;
}

/** Whose rows are asked for, and of when. */
export interface Asker {
  clientId: string;
  /** Whose executions alone; null where all of the tenant's are seen. */
  userId: string | null;
  /** In which amounts are told; null where none are. */
  currency: string | null;
  /** All days that are looked at. */
  days: Period;
  /** The same as moments, [since, until). */
  since: number;
  until: number;
  /** How far the tenant's zone is ahead meanwhile. */
  offsets: readonly OffsetSpan[];
}

/** Rows that answer plans: what they can be told and narrowed by, and what of them is added up. */
export interface Source {
  database: "commerce" | "platform";
  from(asker: Asker): SQL;
  /** The tenant's rows of the days. */
  where(asker: Asker): SQL;
  /** The day that a row counts for; none of what is as it is now. */
  day?(asker: Asker): SQL;
  fields: Readonly<Record<string, SQL>>;
  values: Readonly<Record<string, SQL>>;
}

/** The day of a moment where the tenant is. */
export function dayOfMoment(column: SQL, offsets: readonly OffsetSpan[]): SQL {
  const spans = offsets.flatMap(({ until, offsetMs }) =>
    until === null ? [] : [sql` WHEN ${column} < ${until} THEN ${offsetMs}`],
  );
  const last = offsets.at(-1)?.offsetMs ?? 0;
  const offset = spans.length === 0 ? sql`${last}` : sql`CASE${sql.join(spans)} ELSE ${last} END`;
  return sql`date((${column} + ${offset}) / 1000, 'unixepoch')`;
}

const isKept = sql`o.status <> 'cancelled'`;
const kept = (amount: SQL): SQL => sql`CASE WHEN ${isKept} THEN ${amount} ELSE 0 END`;

const dayMs = 86_400_000;

/** Orders of the days. Where they lie in the index is told by when they were made, which is a day off at most. */
const ordersWithin = ({ clientId, days, since, until }: Asker): SQL =>
  sql`o.client_id = ${clientId} AND o.created_at >= ${since - 2 * dayMs} AND o.created_at < ${until + 2 * dayMs}
    AND o.day BETWEEN ${days.from} AND ${days.to}`;

const fieldsOfOrders = {
  status: sql`o.status`,
  customer: sql`o.customer_id`,
  location: sql`o.location_id`,
  source: sql`o.source`,
  persona: sql`o.instance_id`,
  currency: sql`o.currency`,
} as const;

/** What each change of an order has counted: a row a day, currency, location and source. */
const orderDays: Source = {
  database: "commerce",
  from: () => sql`order_days o`,
  where: ({ clientId, days }) => sql`o.client_id = ${clientId} AND o.day BETWEEN ${days.from} AND ${days.to}`,
  day: () => sql`o.day`,
  fields: { location: sql`o.location_id`, source: sql`o.source`, currency: sql`o.currency` },
  values: {
    orders: sql`o.orders`,
    cancelled: sql`o.cancelled`,
    kept: sql`o.orders - o.cancelled`,
    gross: sql`o.gross`,
    items: sql`o.items`,
  },
};

const orders: Source = {
  database: "commerce",
  from: () => sql`orders o`,
  where: ordersWithin,
  day: () => sql`o.day`,
  fields: { ...fieldsOfOrders, payment_status: sql`o.payment_status`, total: sql`o.total` },
  values: {
    orders: sql`1`,
    cancelled: sql`o.status = 'cancelled'`,
    kept: kept(sql`1`),
    gross: kept(sql`o.total`),
    net: kept(sql`o.total - o.refunded`),
    refunded: sql`o.refunded`,
    paid: sql`o.paid`,
    items: kept(sql`o.units`),
  },
};

/** What of a product was sold on a day. */
const productDays: Source = {
  database: "commerce",
  from: () => sql`product_days d JOIN products p ON p.id = d.product_id`,
  where: ({ clientId, days }) => sql`d.client_id = ${clientId} AND d.day BETWEEN ${days.from} AND ${days.to}`,
  day: () => sql`d.day`,
  fields: {
    product: sql`d.product_id`,
    category: sql`p.category`,
    sku: sql`p.sku`,
    currency: sql`d.currency`,
  },
  values: { quantity: sql`d.quantity`, revenue: sql`d.revenue` },
};

const orderItems: Source = {
  database: "commerce",
  from: () => sql`orders o JOIN order_items i ON i.order_id = o.id JOIN products p ON p.id = i.product_id`,
  where: ordersWithin,
  day: () => sql`o.day`,
  fields: { ...fieldsOfOrders, product: sql`i.product_id`, category: sql`p.category`, sku: sql`p.sku` },
  values: { quantity: kept(sql`i.quantity`), revenue: kept(sql`i.total`) },
};

const customers: Source = {
  database: "commerce",
  from: ({ currency }) =>
    sql`customers c LEFT JOIN customer_totals t ON t.customer_id = c.id AND t.currency = ${currency ?? ""}`,
  where: ({ clientId, since, until }) =>
    sql`c.client_id = ${clientId} AND c.deleted_at IS NULL AND c.created_at >= ${since} AND c.created_at < ${until}`,
  day: ({ offsets }) => dayOfMoment(sql`c.created_at`, offsets),
  fields: {
    customer: sql`c.id`,
    country: sql`c.address ->> '$.country'`,
    city: sql`c.address ->> '$.city'`,
    email: sql`c.email`,
    orders: sql`c.orders_count`,
  },
  values: { customers: sql`1`, orders: sql`c.orders_count`, value: sql`coalesce(t.value, 0)` },
};

const stock: Source = {
  database: "commerce",
  from: () => sql`stock s JOIN products p ON p.id = s.product_id`,
  where: ({ clientId }) => sql`p.client_id = ${clientId} AND s.client_id = ${clientId}`,
  fields: {
    product: sql`s.product_id`,
    category: sql`p.category`,
    sku: sql`p.sku`,
    location: sql`s.location_id`,
  },
  values: {
    on_hand: sql`s.on_hand`,
    reserved: sql`s.reserved`,
    available: sql`s.on_hand - s.reserved`,
    low: sql`s.low_stock_at IS NOT NULL AND s.on_hand - s.reserved <= s.low_stock_at`,
  },
};

const runs: Source = {
  database: "platform",
  from: () => sql`runs r`,
  where: ({ clientId, userId, since, until }) =>
    sql`r.client_id = ${clientId} AND r.created_at >= ${since} AND r.created_at < ${until}
      AND r.user_id = coalesce(${userId}, r.user_id)`,
  day: ({ offsets }) => dayOfMoment(sql`r.created_at`, offsets),
  fields: { status: sql`r.status`, persona: sql`r.instance_id` },
  values: {
    runs: sql`1`,
    succeeded: sql`r.status = 'completed'`,
    failed: sql`r.status = 'failed'`,
    ended: sql`r.completed_at IS NOT NULL`,
    fuel: sql`r.fuel_spent`,
    tokens: sql`r.tokens_in + r.tokens_out`,
    cost: sql`r.cost_micros`,
    duration: sql`CASE WHEN r.completed_at IS NOT NULL THEN r.completed_at - r.created_at ELSE 0 END`,
  },
};

/** What answers plans about each data set: the first that has all that a plan names. */
export const sourcesOf = {
  orders: [orderDays, orders],
  order_items: [productDays, orderItems],
  customers: [customers],
  stock: [stock],
  runs: [runs],
} as const satisfies Record<string, readonly Source[]>;
