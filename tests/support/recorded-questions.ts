/** Questions as people ask them, and the plans that they are to become; on 28 November 2026. */
const orders = {
  dataset: "orders",
  measures: ["count"],
  dimensions: [],
  filters: [],
  time: { last_days: 30 },
};
const items = { ...orders, dataset: "order_items", measures: ["quantity"] };
const customers = { ...orders, dataset: "customers" };
const stock = { ...orders, dataset: "stock", measures: ["available"] };
const runs = { ...orders, dataset: "runs" };
const usage = { ...orders, dataset: "usage", measures: ["fuel"] };
const is = (field: string, value: unknown) => ({ field, op: "eq", value });

export const recordedQuestions: readonly (readonly [question: string, plan: Record<string, unknown>])[] = [
  ["How many orders did we have?", orders],
  ["How many orders today?", { ...orders, time: { last_days: 1 } }],
  ["Orders by day in the last 14 days", { ...orders, dimensions: ["day"], time: { last_days: 14 } }],
  ["Orders per week this quarter", { ...orders, dimensions: ["week"], time: { this: "quarter" } }],
  ["Revenue this month", { ...orders, measures: ["revenue"], time: { this: "month" } }],
  ["Revenue last month", { ...orders, measures: ["revenue"], time: { previous: "month" } }],
  [
    "Revenue by month this year",
    { ...orders, measures: ["revenue"], dimensions: ["month"], time: { this: "year" } },
  ],
  [
    "Revenue last year compared with the one before",
    { ...orders, measures: ["revenue"], time: { previous: "year" }, compare: "previous_period" },
  ],
  ["Revenue and orders by source", { ...orders, measures: ["revenue", "count"], dimensions: ["source"] }],
  [
    "Net revenue in October",
    { ...orders, measures: ["net_revenue"], time: { between: { from: "2026-10-01", to: "2026-10-31" } } },
  ],
  [
    "Net revenue in December",
    { ...orders, measures: ["net_revenue"], time: { between: { from: "2025-12-01", to: "2025-12-31" } } },
  ],
  [
    "Turnover in February 2024",
    { ...orders, measures: ["revenue"], time: { between: { from: "2024-02-01", to: "2024-02-29" } } },
  ],
  [
    "Orders from 2026-10-01 to 2026-10-15",
    { ...orders, time: { between: { from: "2026-10-01", to: "2026-10-15" } } },
  ],
  [
    "Average order value by location",
    { ...orders, measures: ["average_order_value"], dimensions: ["location"] },
  ],
  [
    "Cancellation rate per month in the last 12 months",
    { ...orders, measures: ["cancellation_rate"], dimensions: ["month"], time: { last_days: 360 } },
  ],
  ["Cancelled orders last week", { ...orders, measures: ["cancelled"], time: { previous: "week" } }],
  [
    "Refunds in EUR last quarter",
    { ...orders, measures: ["refunds"], filters: [is("currency", "EUR")], time: { previous: "quarter" } },
  ],
  ["How much was paid, by payment status", { ...orders, measures: ["paid"], dimensions: ["payment_status"] }],
  [
    "Completed orders by customer",
    { ...orders, dimensions: ["customer"], filters: [is("status", "completed")] },
  ],
  [
    "Orders that are pending or confirmed",
    { ...orders, filters: [{ field: "status", op: "in", value: ["pending", "confirmed"] }] },
  ],
  [
    "Orders over 5000 this week",
    { ...orders, filters: [{ field: "total", op: "gt", value: 5000 }], time: { this: "week" } },
  ],
  ["Orders from personas", { ...orders, filters: [is("source", "persona")] }],
  ["Orders via graphql by day", { ...orders, dimensions: ["day"], filters: [is("source", "graphql")] }],
  ['Orders of customer "Ada Lovelace"', { ...orders, filters: [is("customer", "Ada Lovelace")] }],
  [
    'Revenue at location "Warehouse"',
    { ...orders, measures: ["revenue"], filters: [is("location", "Warehouse")] },
  ],
  [
    'Revenue of persona "Order desk" by week',
    { ...orders, measures: ["revenue"], dimensions: ["week"], filters: [is("persona", "Order desk")] },
  ],
  ["Orders by status as a pie", { ...orders, dimensions: ["status"], chart: "pie" }],
  ["Top 5 customers by revenue", { ...orders, measures: ["revenue"], dimensions: ["customer"], limit: 5 }],
  ["Which customer ordered the most orders?", { ...orders, dimensions: ["customer"], limit: 1 }],
  [
    "Orders by source against the period before as a table",
    { ...orders, dimensions: ["source"], compare: "previous_period", chart: "table" },
  ],
  ["Revenue by currency", { ...orders, measures: ["revenue"], dimensions: ["currency"] }],
  [
    "Revenue by product last month, top 3",
    { ...items, measures: ["revenue"], dimensions: ["product"], time: { previous: "month" }, limit: 3 },
  ],
  [
    "Top 10 products by revenue this month",
    { ...items, measures: ["revenue"], dimensions: ["product"], time: { this: "month" }, limit: 10 },
  ],
  [
    "Which product sold best last week?",
    { ...items, dimensions: ["product"], time: { previous: "week" }, limit: 1 },
  ],
  [
    "The 3 worst selling products by quantity",
    { ...items, dimensions: ["product"], order_by: { by: "quantity", direction: "asc" }, limit: 3 },
  ],
  ["Quantity by category and month", { ...items, dimensions: ["category", "month"] }],
  [
    'How many units of product "Oolong" were sold in the last 7 days?',
    { ...items, filters: [is("product", "Oolong")], time: { last_days: 7 } },
  ],
  ["Average price by product", { ...items, measures: ["average_price"], dimensions: ["product"] }],
  [
    "Revenue by category compared to the month before",
    { ...items, measures: ["revenue"], dimensions: ["category"], compare: "previous_period" },
  ],
  ["Units sold per product and customer", { ...items, dimensions: ["product", "customer"] }],
  [
    'Quantity sold of category "tea" by week',
    { ...items, dimensions: ["week"], filters: [is("category", "tea")] },
  ],
  [
    'Quantity by product, sku containing "TEA"',
    { ...items, dimensions: ["product"], filters: [{ field: "sku", op: "contains", value: "TEA" }] },
  ],
  ["New customers this month", { ...customers, time: { this: "month" } }],
  [
    "New customers by week in the last 8 weeks",
    { ...customers, dimensions: ["week"], time: { last_days: 56 } },
  ],
  ["How many customers by country?", { ...customers, dimensions: ["country"] }],
  ["How many customers by city?", { ...customers, dimensions: ["city"] }],
  [
    "Lifetime value by customer, top 10",
    { ...customers, measures: ["lifetime_value"], dimensions: ["customer"], limit: 10 },
  ],
  ["What is in stock by product?", { ...stock, dimensions: ["product"] }],
  ["Stock on hand by location", { ...stock, measures: ["on_hand", "available"], dimensions: ["location"] }],
  [
    'How much is reserved of product "Tea pot"?',
    { ...stock, measures: ["reserved"], filters: [is("product", "Tea pot")] },
  ],
  ["Executions by persona this week", { ...runs, dimensions: ["persona"], time: { this: "week" } }],
  [
    "Which personas had the most executions this week?",
    { ...runs, dimensions: ["persona"], time: { this: "week" }, limit: 1 },
  ],
  ["Success rate by persona", { ...runs, measures: ["success_rate"], dimensions: ["persona"] }],
  ["Failed executions by day in the last 30 days", { ...runs, measures: ["failed"], dimensions: ["day"] }],
  ["Fuel of runs by status", { ...runs, measures: ["fuel", "count"], dimensions: ["status"] }],
  [
    "Average duration of executions per month this year",
    { ...runs, measures: ["average_duration"], dimensions: ["month"], time: { this: "year" } },
  ],
  ["Fuel by day", { ...usage, dimensions: ["day"] }],
  [
    "Tokens by model last month",
    { ...usage, measures: ["tokens"], dimensions: ["model"], time: { previous: "month" } },
  ],
  [
    "Cost by agent in the last 90 days",
    { ...usage, measures: ["cost"], dimensions: ["agent"], time: { last_days: 90 } },
  ],
  ["Which model cost the most?", { ...usage, measures: ["cost"], dimensions: ["model"], limit: 1 }],
];
