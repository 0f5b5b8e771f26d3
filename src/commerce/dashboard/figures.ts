/** What happened on a day, in one currency; amounts in its minor units. */
export interface DayFigures {
  day: string;
  orders: number;
  cancelled: number;
  items: number;
  gross: number;
  refunds: number;
}

/** Whoever ordered on a day: for the first time, or again. */
export interface CustomerFigures {
  day: string;
  fresh: number;
  again: number;
}

/** The figures of a time; amounts in minor units. */
export interface Totals {
  orders: number;
  revenue: number;
  refunds: number;
  net_revenue: number;
  average_order_value: number;
  items_sold: number;
  new_customers: number;
  returning_customers: number;
  cancellation_rate: number;
}

const sum = <T>(rows: readonly T[], of: (row: T) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** The figures of all days of a time. Orders count as made; revenue and what is sold leave out what was cancelled. */
export function totalsOf(days: readonly DayFigures[], customers: readonly CustomerFigures[]): Totals {
  const orders = sum(days, (day) => day.orders);
  const cancelled = sum(days, (day) => day.cancelled);
  const revenue = sum(days, (day) => day.gross);
  const refunds = sum(days, (day) => day.refunds);
  return {
    orders,
    revenue,
    refunds,
    net_revenue: revenue - refunds,
    average_order_value: Math.round(ratio(revenue, orders - cancelled)),
    items_sold: sum(days, (day) => day.items),
    new_customers: sum(customers, ({ fresh }) => fresh),
    returning_customers: sum(customers, ({ again }) => again),
    cancellation_rate: ratio(cancelled, orders),
  };
}

const changeOf = (now: number, before: number): number | null =>
  before === 0 ? null : (now - before) / Math.abs(before);

/** By which share each figure is more than before; null where there was nothing before. */
export const changesOf = (now: Totals, before: Totals) => ({
  orders: changeOf(now.orders, before.orders),
  revenue: changeOf(now.revenue, before.revenue),
  net_revenue: changeOf(now.net_revenue, before.net_revenue),
  average_order_value: changeOf(now.average_order_value, before.average_order_value),
  items_sold: changeOf(now.items_sold, before.items_sold),
  new_customers: changeOf(now.new_customers, before.new_customers),
  returning_customers: changeOf(now.returning_customers, before.returning_customers),
});
