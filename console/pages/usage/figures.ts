import type { Metric } from "../../data/usage.ts";
import { count } from "../../parts/time.tsx";

const dollars = new Intl.NumberFormat(undefined, { style: "currency", currency: "USD" });
const cents = new Intl.NumberFormat(undefined, {
  style: "currency",
  currency: "USD",
  maximumFractionDigits: 4,
});

/** An amount of US dollars; what is less than a cent is not rounded away. */
export const money = (amount: number): string =>
  (amount !== 0 && Math.abs(amount) < 1 ? cents : dollars).format(amount);

export const formatOf = (metric: Metric): ((value: number) => string) => (metric === "cost" ? money : count);
