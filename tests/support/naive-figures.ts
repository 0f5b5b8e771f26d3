import type { Plan } from "#src/kernel/questions/plan.ts";
import { periodBefore, periodOf } from "#src/questions/plan-period.ts";
import { dayAt, now, type RandomShop } from "./random-shop.ts";

type Cell = string | number | null;
/** Something that counts: when, what it is told by (things as their ids), and the thing itself. */
interface Fact {
  day: string | undefined;
  told: Record<string, Cell>;
  of: Record<string, number>;
}

const sum = (facts: readonly Fact[], figure: string): number =>
  facts.reduce((total, { of }) => total + (of[figure] ?? 0), 0);
const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value));

/** What each measure is, said once more. */
const measures: Record<string, Record<string, (facts: readonly Fact[]) => number | null>> = {
  orders: {
    count: (facts) => facts.length,
    revenue: (facts) => sum(facts, "keptTotal"),
    net_revenue: (facts) => sum(facts, "keptTotal") - sum(facts, "keptRefunded"),
    refunds: (facts) => sum(facts, "refunded"),
    paid: (facts) => sum(facts, "paid"),
    items: (facts) => sum(facts, "keptUnits"),
    cancelled: (facts) => facts.length - sum(facts, "kept"),
    average_order_value: (facts) => rounded(ratio(sum(facts, "keptTotal"), sum(facts, "kept"))),
    cancellation_rate: (facts) => ratio(facts.length - sum(facts, "kept"), facts.length),
  },
  order_items: {
    quantity: (facts) => sum(facts, "quantity"),
    revenue: (facts) => sum(facts, "revenue"),
    average_price: (facts) => rounded(ratio(sum(facts, "revenue"), sum(facts, "quantity"))),
  },
  customers: {
    count: (facts) => facts.length,
    orders: (facts) => sum(facts, "orders"),
    lifetime_value: (facts) => sum(facts, "value"),
  },
  stock: {
    on_hand: (facts) => sum(facts, "onHand"),
    reserved: (facts) => sum(facts, "reserved"),
    available: (facts) => sum(facts, "onHand") - sum(facts, "reserved"),
    low: (facts) => sum(facts, "low"),
  },
  runs: {
    count: (facts) => facts.length,
    succeeded: (facts) => sum(facts, "succeeded"),
    failed: (facts) => sum(facts, "failed"),
    success_rate: (facts) => ratio(sum(facts, "succeeded"), sum(facts, "ended")),
    fuel: (facts) => sum(facts, "fuel"),
    tokens: (facts) => sum(facts, "fuel") + facts.length,
    cost: (facts) => 2 * sum(facts, "fuel"),
    average_duration: (facts) => rounded(ratio(sum(facts, "duration"), sum(facts, "ended"))),
  },
};

function factsOf(
  { sold, people, stocks, ran }: RandomShop,
  dataset: Plan["dataset"],
  currency: string | null,
): Fact[] {
  const toldOf = (order: (typeof sold)[number]): Record<string, Cell> => ({
    status: order.status,
    payment_status: order.paymentStatus,
    source: order.source,
    customer: order.customer?.id ?? null,
    location: order.location?.id ?? null,
    persona: order.persona,
    currency: order.currency,
    total: order.total,
  });
  const mine = sold.filter((order) => currency === null || order.currency === currency);
  switch (dataset) {
    case "orders":
      return mine.map((order) => {
        const kept = order.status === "cancelled" ? 0 : 1;
        const { total, refunded, units, paid, day } = order;
        return {
          day,
          told: toldOf(order),
          of: {
            kept,
            keptTotal: kept * total,
            keptRefunded: kept * refunded,
            keptUnits: kept * units,
            refunded,
            paid,
          },
        };
      });
    case "order_items":
      return mine.flatMap((order) =>
        order.items.map(({ product, quantity, total }) => ({
          day: order.day,
          told: {
            ...toldOf(order),
            product: product?.id ?? null,
            category: product?.category ?? null,
            sku: product?.sku ?? null,
          },
          of: order.status === "cancelled" ? { quantity: 0, revenue: 0 } : { quantity, revenue: total },
        })),
      );
    case "customers":
      return people.map(({ id, email, address, createdAt }) => {
        const own = sold.filter(({ customer, status }) => customer?.id === id && status !== "cancelled");
        const value = own
          .filter((order) => order.currency === currency)
          .reduce((total, order) => total + order.total, 0);
        const told = {
          customer: id,
          email,
          country: address?.country ?? null,
          city: address?.city ?? null,
          orders: own.length,
        };
        return { day: dayAt(createdAt), told, of: { orders: own.length, value } };
      });
    case "stock":
      return stocks.map(({ product, location, onHand, reserved, lowStockAt }) => ({
        day: undefined,
        told: {
          product: product?.id ?? null,
          category: product?.category ?? null,
          sku: product?.sku ?? null,
          location: location?.id ?? null,
        },
        of: { onHand, reserved, low: Number(lowStockAt !== null && onHand - reserved <= lowStockAt) },
      }));
    default:
      return ran.map(({ at, status, persona, fuel, endedAt }) => ({
        day: dayAt(at),
        told: { status, persona },
        of: {
          succeeded: Number(status === "completed"),
          failed: Number(status === "failed"),
          ended: Number(endedAt !== null),
          duration: endedAt === null ? 0 : endedAt - at,
          fuel,
        },
      }));
  }
}

const monday = (day: string): string => {
  const date = new Date(day);
  while (date.getUTCDay() !== 1) date.setUTCDate(date.getUTCDate() - 1);
  return date.toISOString().slice(0, 10);
};

const compare = (one: Cell, other: Cell): number => {
  if (one === other) return 0;
  if (one === null || other === null) return one === null ? -1 : 1;
  return one < other ? -1 : 1;
};

const kinds = ["product", "customer", "location", "persona"];

/** What a name may mean: the things of that very name, else those in whose name, or sku, all its words begin a word. */
function meant({ things, people, places }: RandomShop, kind: string, words: string): string[] {
  const all =
    kind === "product"
      ? things.map(({ id, name, sku }) => ({ id, name, text: `${name} ${sku}` }))
      : kind === "customer"
        ? people.map(({ id, name }) => ({ id, name, text: name }))
        : kind === "location"
          ? places.map(({ id, name }) => ({ id, name, text: name }))
          : [];
  const lower = words.toLowerCase();
  const exact = all.filter(({ name }) => name.toLowerCase() === lower);
  const begins = (text: string) => (word: string) =>
    text
      .toLowerCase()
      .split(/[ -]/)
      .some((one) => one.startsWith(word));
  const found = all.filter(({ name, text }) =>
    kind === "location" ? name.toLowerCase().includes(lower) : lower.split(" ").every(begins(text)),
  );
  return (exact.length > 0 ? exact : found).map(({ id }) => id);
}

function passes(shop: RandomShop, { field, op, value }: Plan["filters"][number], told: Cell): boolean {
  const values = [value].flat();
  if (kinds.includes(field)) {
    const ids = values.flatMap((one) => meant(shop, field, String(one)));
    return ids.includes(String(told)) === (op !== "ne");
  }
  const text = (cell: unknown) => String(cell).toLowerCase();
  if (told === null) return op === "ne";
  switch (op) {
    case "lt":
      return Number(told) < Number(value);
    case "lte":
      return Number(told) <= Number(value);
    case "gt":
      return Number(told) > Number(value);
    case "gte":
      return Number(told) >= Number(value);
    case "contains":
      return text(told).includes(text(value));
    default:
      return values.some((one) => text(one) === text(told)) === (op !== "ne");
  }
}

/** The rows that a plan is to be answered with, looked at one by one. */
export function naiveRows(shop: RandomShop, plan: Plan, currency: string | null): Record<string, Cell>[] {
  const { dimensions, order_by } = plan;
  const today = dayAt(now);
  const periods = [periodOf(plan.time, today), ...(plan.compare ? [periodBefore(plan.time, today)] : [])];
  const filters = plan.filters.filter(({ field }) => !(plan.dataset === "customers" && field === "currency"));
  const facts = factsOf(shop, plan.dataset, currency).filter(({ told }) =>
    filters.every((filter) => passes(shop, filter, told[filter.field] ?? null)),
  );
  const keyOf = ({ day = "", told }: Fact): Cell[] =>
    dimensions.map((name) => {
      if (name === "day") return day;
      if (name === "week") return monday(day);
      return name === "month" ? day.slice(0, 7) : (told[name] ?? null);
    });
  const inPeriod = (at: number) => (fact: Fact) => {
    const period = periods[at];
    return (
      period !== undefined && (fact.day === undefined || (fact.day >= period.from && fact.day <= period.to))
    );
  };
  const keys = new Map<string, Cell[]>(dimensions.length === 0 ? [["[]", []]] : []);
  for (const fact of facts)
    if (periods.some((_, at) => inPeriod(at)(fact))) keys.set(JSON.stringify(keyOf(fact)), keyOf(fact));
  const rows = [...keys].map(([text, key]) => {
    const group = facts.filter((fact) => JSON.stringify(keyOf(fact)) === text);
    const figures = periods.map((_, at) =>
      plan.measures.map((name) => measures[plan.dataset]?.[name]?.(group.filter(inPeriod(at))) ?? null),
    );
    return { key, figures };
  });
  const by =
    order_by?.by ??
    dimensions.find((name) => ["day", "week", "month"].includes(name)) ??
    plan.measures[0] ??
    "";
  const isMeasure = plan.measures.includes(by);
  const sign = (order_by?.direction ?? (isMeasure ? "desc" : "asc")) === "asc" ? 1 : -1;
  type Row = (typeof rows)[number];
  const leading = ({ key, figures }: Row): Cell =>
    (isMeasure ? figures[0]?.[plan.measures.indexOf(by)] : key[dimensions.indexOf(by)]) ?? null;
  const byKey = (one: Row, other: Row) =>
    one.key.map((cell, at) => compare(cell, other.key[at] ?? null)).find((order) => order !== 0) ?? 0;
  rows.sort((one, other) => sign * compare(leading(one), leading(other)) || byKey(one, other));
  const names = new Map([...shop.things, ...shop.places, ...shop.people].map(({ id, name }) => [id, name]));
  return rows.slice(0, plan.limit ?? 100).map(({ key, figures: [figures = [], before = []] }) => ({
    ...Object.fromEntries(
      dimensions.map((name, at) => [
        name,
        kinds.includes(name) ? (names.get(String(key[at])) ?? key[at] ?? null) : (key[at] ?? null),
      ]),
    ),
    ...Object.fromEntries(plan.measures.map((name, at) => [name, figures[at] ?? null])),
    ...(plan.compare &&
      Object.fromEntries(plan.measures.map((name, at) => [`previous_${name}`, before[at] ?? null]))),
  }));
}
