import type { Plan } from "#src/kernel/questions/plan.ts";
import { datasetOf, isTimeDimension } from "#src/kernel/questions/vocabulary.ts";
import { saysOf } from "./explain-plan.ts";
import type { AnalyticsAnswer } from "./schemas.ts";

/** What the rows of a plan's answer tell, column by column. */
export function answerColumns(plan: Plan, currency: string | null): AnalyticsAnswer["columns"] {
  const known = datasetOf(plan.dataset).measures;
  const dimensions = plan.dimensions.map((name) => ({
    name,
    says: saysOf(plan, name),
    type: isTimeDimension(name) ? name : ("text" as const),
    unit: null,
  }));
  const measure = (name: string, column: string, says: string) => {
    const { unit = "count" } = known[name] ?? {};
    return {
      name: column,
      says,
      type: "number" as const,
      unit: unit === "money" ? (currency ?? unit) : unit,
    };
  };
  return [
    ...dimensions,
    ...plan.measures.map((name) => measure(name, name, saysOf(plan, name))),
    ...(plan.compare
      ? plan.measures.map((name) => measure(name, `previous_${name}`, `${saysOf(plan, name)} before`))
      : []),
  ];
}
