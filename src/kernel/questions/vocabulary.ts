import { orderSources, orderStatuses, paymentStatuses } from "../commerce-words.ts";

/** What a figure is counted in; an amount is in minor units of the currency that the answer names. */
export type Unit = "count" | "money" | "share" | "fuel" | "tokens" | "micro-dollars" | "milliseconds";

/** How a measure follows from what the rows of a group come to, value by value. */
export type Formula =
  | { sum: string }
  | { share: readonly [string, string] }
  | { mean: readonly [string, string] };

export interface Measure {
  unit: Unit;
  formula: Formula;
  says: string;
}

/** Things that people call by names, which are looked up before a plan is carried out. */
export const namedKinds = ["product", "customer", "location", "persona"] as const;
export type NamedKind = (typeof namedKinds)[number];

/** What can be told by, or narrowed by. */
export interface Field {
  type: "text" | "number" | "choice" | "name" | "currency";
  says: string;
  /** Of a choice. */
  choices?: readonly string[];
  /** Of a name. */
  of?: NamedKind;
  /** Only for who sees contacts. */
  personal?: true;
  /** Only to narrow by. */
  filterOnly?: true;
}

export interface Dataset {
  says: string;
  measures: Readonly<Record<string, Measure>>;
  fields: Readonly<Record<string, Field>>;
  /** Whether its rows are of a time; what lies in stock is as it is now. */
  isOfTime: boolean;
  /** Whether each row is of a currency, so that amounts are told in one. */
  hasCurrency: boolean;
}

const sum = (value: string, unit: Unit, says: string): Measure => ({ unit, says, formula: { sum: value } });
const share = (part: string, whole: string, says: string): Measure => ({
  unit: "share",
  says,
  formula: { share: [part, whole] },
});
const mean = (total: string, count: string, unit: Unit, says: string): Measure => ({
  unit,
  says,
  formula: { mean: [total, count] },
});

const choice = (choices: readonly string[], says: string): Field => ({ type: "choice", choices, says });
const name = (of: NamedKind, says: string): Field => ({ type: "name", of, says });
const text = (says: string): Field => ({ type: "text", says });

const ofOrders = {
  status: choice(orderStatuses, "status"),
  customer: name("customer", "customer"),
  location: name("location", "location"),
  source: choice(orderSources, "the way they came in"),
  persona: name("persona", "persona"),
  currency: text("currency"),
} as const;

/** What can be asked about, with what it can be measured, told and narrowed by (docs/questions.md). */
export const vocabulary = {
  orders: {
    says: "Orders",
    isOfTime: true,
    hasCurrency: true,
    measures: {
      count: sum("orders", "count", "orders"),
      revenue: sum("gross", "money", "revenue"),
      net_revenue: sum("net", "money", "net revenue"),
      refunds: sum("refunded", "money", "refunds"),
      paid: sum("paid", "money", "what was paid"),
      items: sum("items", "count", "things sold"),
      cancelled: sum("cancelled", "count", "cancelled orders"),
      average_order_value: mean("gross", "kept", "money", "average order value"),
      cancellation_rate: share("cancelled", "orders", "share that was cancelled"),
    },
    fields: {
      ...ofOrders,
      payment_status: choice(paymentStatuses, "payment status"),
      total: { type: "number", says: "total", filterOnly: true },
    },
  },
  order_items: {
    says: "Lines of orders",
    isOfTime: true,
    hasCurrency: true,
    measures: {
      quantity: sum("quantity", "count", "quantity sold"),
      revenue: sum("revenue", "money", "revenue"),
      average_price: mean("revenue", "quantity", "money", "average price"),
    },
    fields: {
      ...ofOrders,
      product: name("product", "product"),
      category: text("category"),
      sku: text("sku"),
    },
  },
  customers: {
    says: "Customers, by the day on which they were added",
    isOfTime: true,
    hasCurrency: true,
    measures: {
      count: sum("customers", "count", "customers"),
      orders: sum("orders", "count", "their orders"),
      lifetime_value: sum("value", "money", "lifetime value"),
    },
    fields: {
      customer: name("customer", "customer"),
      country: text("country"),
      city: { type: "text", says: "city", personal: true },
      email: { type: "text", says: "e-mail address", personal: true },
      orders: { type: "number", says: "number of orders", filterOnly: true },
      currency: { type: "currency", says: "currency", filterOnly: true },
    },
  },
  stock: {
    says: "What lies in stock now",
    isOfTime: false,
    hasCurrency: false,
    measures: {
      on_hand: sum("on_hand", "count", "what is on hand"),
      reserved: sum("reserved", "count", "what is reserved"),
      available: sum("available", "count", "what is available"),
      low: sum("low", "count", "places where there is little"),
    },
    fields: {
      product: name("product", "product"),
      category: text("category"),
      sku: text("sku"),
      location: name("location", "location"),
    },
  },
  runs: {
    says: "Executions of personas, by the day on which they began",
    isOfTime: true,
    hasCurrency: false,
    measures: {
      count: sum("runs", "count", "executions"),
      succeeded: sum("succeeded", "count", "executions that succeeded"),
      failed: sum("failed", "count", "executions that failed"),
      success_rate: share("succeeded", "ended", "share that succeeded"),
      fuel: sum("fuel", "fuel", "fuel"),
      tokens: sum("tokens", "tokens", "tokens"),
      cost: sum("cost", "micro-dollars", "cost"),
      average_duration: mean("duration", "ended", "milliseconds", "average duration"),
    },
    fields: {
      status: choice(["pending", "running", "paused", "completed", "failed", "cancelled"], "status"),
      persona: name("persona", "persona"),
    },
  },
  usage: {
    says: "What executions have used, by the day (UTC) on which they ended",
    isOfTime: true,
    hasCurrency: false,
    measures: {
      count: sum("count", "count", "executions, or attempts of a model or an agent"),
      success_rate: share("completed", "count", "share that succeeded"),
      fuel: sum("fuel", "fuel", "fuel"),
      tokens: sum("tokens", "tokens", "tokens"),
      cost: sum("cost", "micro-dollars", "cost"),
      average_duration: mean("duration", "count", "milliseconds", "average duration"),
    },
    fields: {
      persona: name("persona", "persona"),
      model: text("model"),
      agent: text("agent"),
    },
  },
} as const satisfies Record<string, Dataset>;

export type DatasetName = keyof typeof vocabulary;

export const isDatasetName = (text: string): text is DatasetName => Object.hasOwn(vocabulary, text);
export const datasetNames = Object.keys(vocabulary).filter(isDatasetName);

/** A data set, with whatever names its measures and fields have. */
export const datasetOf = (name: DatasetName): Dataset => vocabulary[name];

/** What times are told by; each is a dimension of every data set that is of a time. */
export const timeDimensions = ["day", "week", "month"] as const;
export type TimeDimension = (typeof timeDimensions)[number];
export const isTimeDimension = (text: string): text is TimeDimension =>
  timeDimensions.some((dimension) => dimension === text);

/** What a field may be compared by. */
export const operatorsOf = ({ type }: Field): readonly Operator[] => {
  switch (type) {
    case "number":
      return ["eq", "ne", "in", "lt", "lte", "gt", "gte"];
    case "choice":
      return ["eq", "ne", "in"];
    case "currency":
      return ["eq"];
    default:
      return ["eq", "ne", "in", "contains"];
  }
};

export const operators = ["eq", "ne", "in", "lt", "lte", "gt", "gte", "contains"] as const;
export type Operator = (typeof operators)[number];

/** What a measure comes to, of the sums that its group has; null where nothing can be divided by. */
export function measured(formula: Formula, sumOf: (value: string) => number): number | null {
  if ("sum" in formula) return sumOf(formula.sum);
  const [over, under] = "share" in formula ? formula.share : formula.mean;
  const whole = sumOf(under);
  if (whole === 0) return null;
  const ratio = sumOf(over) / whole;
  return "share" in formula ? ratio : Math.round(ratio);
}
