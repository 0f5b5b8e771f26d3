type Plan = Record<string, unknown>;

/** What words measure, by data set; what comes first is meant where several fit. */
const measures: Record<string, readonly (readonly [RegExp, string])[]> = {
  usage: [
    [/\btokens?\b/, "tokens"],
    [/\bfuel\b/, "fuel"],
    [/\bcosts?\b|\bspent\b/, "cost"],
    [/\battempts?\b/, "count"],
  ],
  runs: [
    [/\bsuccess rates?\b/, "success_rate"],
    [/\bfailed\b|\bfailures?\b/, "failed"],
    [/\bsucceeded\b/, "succeeded"],
    [/\bdurations?\b|\bhow long\b/, "average_duration"],
    [/\bfuel\b/, "fuel"],
    [/\bcosts?\b/, "cost"],
    [/\btokens?\b/, "tokens"],
    [/\bexecutions?\b|\bruns?\b/, "count"],
  ],
  stock: [
    [/\bon hand\b/, "on_hand"],
    [/\breserved\b/, "reserved"],
    [/\b(?:run(?:ning)?|low)\b.*\b(?:low|stock)\b/, "low"],
    [/\bavailable\b|\bin stock\b|\bstock\b/, "available"],
  ],
  customers: [
    [/\blifetime value\b/, "lifetime_value"],
    [/\bcustomers?\b/, "count"],
  ],
  order_items: [
    [/\brevenue\b|\bturnover\b|\bearn/, "revenue"],
    [/\baverage price\b/, "average_price"],
    [/\bquantit|\bunits?\b|\bpieces?\b|\bhow many\b|\bsold\b|\bsells?\b|\bbest.?sell/, "quantity"],
  ],
  orders: [
    [/\bnet revenue\b/, "net_revenue"],
    [/\brevenue\b|\bturnover\b|\bsales\b|\bearn/, "revenue"],
    [/\brefund/, "refunds"],
    [/\baverage order\b|\border value\b|\bbasket\b/, "average_order_value"],
    [/\bcancellation rate\b|\bshare .*cancelled\b/, "cancellation_rate"],
    [/\bcancelled orders\b|\bcancellations\b/, "cancelled"],
    [/\bpaid\b/, "paid"],
    [/\bitems\b|\bthings sold\b/, "items"],
    [/\borders?\b/, "count"],
  ],
};

/** What things are told by, as words name them. */
const dimensions: readonly (readonly [RegExp, string])[] = [
  [/^days?$|^daily$/, "day"],
  [/^weeks?$|^weekly$/, "week"],
  [/^months?$|^monthly$/, "month"],
  [/^payment status$/, "payment_status"],
  [/^status(?:es)?$|^state$/, "status"],
  [/^products?$/, "product"],
  [/^categor(?:y|ies)$/, "category"],
  [/^customers?$/, "customer"],
  [/^locations?$|^warehouses?$/, "location"],
  [/^sources?$|^channels?$/, "source"],
  [/^personas?$/, "persona"],
  [/^models?$/, "model"],
  [/^agents?$/, "agent"],
  [/^currenc(?:y|ies)$/, "currency"],
  [/^countr(?:y|ies)$/, "country"],
  [/^cit(?:y|ies)$/, "city"],
];

const statuses = ["pending", "confirmed", "fulfilled", "completed", "returned"];
const months = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];

/** What a question is about. */
function datasetIn(text: string): string {
  if (/\bmodels?\b|\bagents?\b/.test(text)) return "usage";
  if (/\bexecutions?\b|\bruns\b|\bsuccess rate|\bdurations?\b/.test(text)) return "runs";
  if (/\btokens?\b|\bfuel\b|\bcosts?\b/.test(text)) return "usage";
  if (/\bin stock\b|\bstock\b|\bon hand\b|\breserved\b|\bavailable\b/.test(text)) return "stock";
  if (
    /\b(?:new|many) customers\b|\bcustomers (?:were|did|by (?:country|city|day|week|month))|\blifetime value\b/.test(
      text,
    )
  )
    return "customers";
  if (/\bproducts?\b|\bcategor|\bquantit|\bunits?\b|\bpieces?\b|\bsell|\bsold\b|\baverage price\b/.test(text))
    return "order_items";
  return "orders";
}

function measuresIn(dataset: string, text: string): string[] {
  const found = (measures[dataset] ?? []).filter(([words]) => words.test(text)).map(([, name]) => name);
  const all = [...new Set(found)];
  // What is part of a longer name is not meant by itself.
  const covered: Record<string, string> = {
    net_revenue: "revenue",
    cancelled: "count",
    average_order_value: "count",
    cancellation_rate: "count",
    failed: "count",
    succeeded: "count",
    success_rate: "count",
    average_duration: "count",
    lifetime_value: "count",
  };
  const hidden = all.flatMap((name) => covered[name] ?? []);
  return all.filter((name) => !hidden.includes(name)).slice(0, 5);
}

const dimensionOf = (word: string): string[] =>
  dimensions.flatMap(([words, name]) => (words.test(word) ? name : []));

/** "by product and month", "per customer", "which persona". */
function dimensionsIn(text: string): string[] {
  const by = [
    ...text.matchAll(
      /\b(?:by|per|for each|each|every) ((?:payment )?[a-z]+)(?:(?:,| and| by) ((?:payment )?[a-z]+))?(?:(?:,| and| by) ([a-z]+))?/g,
    ),
  ];
  const which = [...text.matchAll(/\b(?:which|what) ([a-z]+)/g)];
  const daily = [...text.matchAll(/\b(daily|weekly|monthly)\b/g)];
  const tops = [
    ...text.matchAll(/\b(?:top|best|worst) (?:\d+ )?([a-z]+)/g),
    ...text.matchAll(/\b\d+ (?:best|top|worst)(?:.selling)? ([a-z]+)/g),
  ];
  const words = [...by, ...which, ...daily, ...tops].flatMap(([, ...named]) =>
    named.filter((one) => one !== undefined),
  );
  return [...new Set(words.flatMap(dimensionOf))].slice(0, 3);
}

const unitDays: Record<string, number> = { day: 1, week: 7, month: 30 };

function timeIn(text: string, today: string): Plan {
  const [, from, to] = /\b(\d{4}-\d\d-\d\d) (?:to|and|until) (\d{4}-\d\d-\d\d)\b/.exec(text) ?? [];
  if (from && to) return { between: { from, to } };
  const [, count, unit = "day"] = /\b(?:last|past) (\d+) (day|week|month)s?\b/.exec(text) ?? [];
  if (count) return { last_days: Number(count) * (unitDays[unit] ?? 1) };
  if (/\btoday\b/.test(text)) return { last_days: 1 };
  const [, current] = /\bthis (week|month|quarter|year)\b/.exec(text) ?? [];
  if (current) return { this: current };
  const [, previous] = /\b(?:last|previous) (week|month|quarter|year)\b/.exec(text) ?? [];
  if (previous) return { previous };
  const [, name = "", year] = new RegExp(`\\bin (${months.join("|")})(?: (\\d{4}))?\\b`).exec(text) ?? [];
  return name === "" ? { last_days: 30 } : { between: monthNamed(months.indexOf(name), year, today) };
}

/** The month of that name: of a year that is said, else the last one that has begun. */
function monthNamed(month: number, said: string | undefined, today: string) {
  const [year = 0, now = 1] = today.split("-").map(Number);
  const of = said === undefined ? (month < now ? year : year - 1) : Number(said);
  const day = (date: number) => new Date(date).toISOString().split("T", 1).join();
  return { from: day(Date.UTC(of, month, 1)), to: day(Date.UTC(of, month + 1, 0)) };
}

/** `product "Oolong"`, "completed orders", "in EUR", "over 5000". */
function filtersIn(dataset: string, question: string): Plan[] {
  const text = question.toLowerCase();
  const named = [
    ...question.matchAll(
      /\b(product|customer|location|persona|category|country|city|model|agent)s? (?:called |named )?["“]([^"”]+)["”]/gi,
    ),
  ];
  const containing = [
    ...question.matchAll(/\b(category|sku|country|city|model) containing ["“]([^"”]+)["”]/gi),
  ];
  const isOfOrders = dataset === "orders" || dataset === "order_items";
  const [, currency] = /\bin ([A-Z]{3})\b/.exec(question) ?? [];
  const [, over] = /\b(?:over|above|more than) (\d+)\b/.exec(text) ?? [];
  const [, source] = /\b(?:by|from|through|via) (api|graphql|import|personas)\b/.exec(text) ?? [];
  const status = isOfOrders ? statuses.filter((one) => new RegExp(`\\b${one}\\b`).test(text)) : [];
  return [
    ...named.map(([, field = "", value]) => ({ field: field.toLowerCase(), op: "eq", value })),
    ...containing.map(([, field = "", value]) => ({ field: field.toLowerCase(), op: "contains", value })),
    ...(status.length === 1 ? [{ field: "status", op: "eq", value: status[0] }] : []),
    ...(status.length > 1 ? [{ field: "status", op: "in", value: status }] : []),
    ...(isOfOrders && source
      ? [{ field: "source", op: "eq", value: source.replace("personas", "persona") }]
      : []),
    ...(isOfOrders && currency ? [{ field: "currency", op: "eq", value: currency }] : []),
    ...(dataset === "orders" && over ? [{ field: "total", op: "gt", value: Number(over) }] : []),
  ];
}

/** How many are wanted, of the most or the least. */
function orderIn(text: string, measured: readonly string[]): Plan {
  const [by] = measured;
  const [, count] =
    /\b(?:top|best|worst|first|least) (\d+)\b/.exec(text) ??
    /\b(\d+) (?:best|top|worst|most|least|largest)\b/.exec(text) ??
    [];
  const isLeast = /\b(?:worst|least|fewest|lowest)\b/.test(text);
  const isOne =
    /\b(?:which|what) [a-z]+ (?:has|had|is|was|were|sold|sells|brought|used|ordered|earned|cost)?.*\b(?:most|best|least|fewest|worst|highest|lowest)\b/.test(
      text,
    );
  const limit = count ? Number(count) : isOne ? 1 : undefined;
  return {
    ...(isLeast ? { order_by: { by, direction: "asc" } } : {}),
    ...(limit === undefined ? {} : { limit: Math.min(limit, 100) }),
  };
}

/**
 * The plan of a question, from words that are known: the same for the same, on the same day. An empty object where there is
 * nothing in it that can be measured.
 */
export function planOfQuestion(question: string, today: string): Plan {
  const text = question.toLowerCase().replaceAll(/["“][^"”]*["”]/g, " ");
  const dataset = datasetIn(text);
  const measured = measuresIn(dataset, text);
  if (measured.length === 0) return {};
  const told = dimensionsIn(text);
  const [, chart] = /\bas an? (number|line|bar|pie|table)\b/.exec(text) ?? [];
  const isCompared = /\bagainst\b|\bcompared\b|\bversus\b|\bvs\b|\bthan before\b/.test(text);
  return {
    dataset,
    measures: measured,
    dimensions: told,
    filters: filtersIn(dataset, question),
    time: timeIn(text, today),
    ...orderIn(text, measured),
    ...(isCompared ? { compare: "previous_period" } : {}),
    ...(chart ? { chart } : {}),
  };
}

/** What the prompt has as its question, and which day it is. */
export function questionInPrompt(prompt: string): { question: string; today: string } {
  const blockOf = (name: string) =>
    new RegExp(`<(data(?:-\\d+)?) name="${name}">\\n([\\s\\S]*?)\\n</\\1>`).exec(prompt)?.[2] ?? "";
  return { question: blockOf("question"), today: blockOf("today") };
}
