import fc from "fast-check";
import { planProblems } from "#src/kernel/questions/check-plan.ts";
import type { Plan } from "#src/kernel/questions/plan.ts";
import {
  type DatasetName,
  datasetNames,
  datasetOf,
  type Field,
  operatorsOf,
  timeDimensions,
} from "#src/kernel/questions/vocabulary.ts";

/** Words of which rows and filters are made, so that they meet. */
export const someWords = ["tea", "Tea pot", "cup", "ÉCLAIR"];

const someValue = ({ type, choices }: Field): fc.Arbitrary<string | number> => {
  if (choices) return fc.constantFrom(...choices);
  if (type === "number") return fc.integer({ min: 0, max: 5000 });
  if (type === "currency") return fc.constantFrom("EUR", "USD");
  return fc.constantFrom("EUR", ...someWords);
};

const filterOf = (fields: Dataset["fields"]): fc.Arbitrary<Plan["filters"][number]> =>
  fc.constantFrom(...Object.entries(fields)).chain(([field, about]) =>
    fc.constantFrom(...operatorsOf(about)).chain((op) => {
      const value = someValue(about);
      const given = op === "in" ? fc.array(value, { minLength: 1, maxLength: 3 }) : value;
      return fc.record({ field: fc.constant(field), op: fc.constant(op), value: given });
    }),
  );

type Dataset = ReturnType<typeof datasetOf>;

const day = fc
  .date({ min: new Date("2026-09-01"), max: new Date("2026-11-28"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

const unit = fc.constantFrom("week" as const, "month" as const, "quarter" as const, "year" as const);

const time: fc.Arbitrary<Plan["time"]> = fc.oneof(
  fc.record({ last_days: fc.integer({ min: 1, max: 400 }) }),
  fc.tuple(day, day).map(([one, other]) => ({
    between: one < other ? { from: one, to: other } : { from: other, to: one },
  })),
  fc.record({ this: unit }),
  fc.record({ previous: unit }),
);

/** Plans about a data set that nothing is wrong with. */
export const planAbout = (dataset: DatasetName): fc.Arbitrary<Plan> => {
  const { measures, fields, isOfTime } = datasetOf(dataset);
  const told = [
    ...(isOfTime ? timeDimensions : []),
    ...Object.entries(fields).flatMap(([name, { filterOnly }]) => (filterOnly ? [] : name)),
  ];
  return fc
    .record(
      {
        dataset: fc.constant(dataset),
        measures: fc.uniqueArray(fc.constantFrom(...Object.keys(measures)), { minLength: 1, maxLength: 5 }),
        dimensions: fc.uniqueArray(fc.constantFrom(...told), { maxLength: 3 }),
        filters: fc.array(filterOf(fields), { maxLength: 3 }),
        time,
        limit: fc.integer({ min: 1, max: 100 }),
        compare: fc.constant("previous_period" as const),
      },
      { requiredKeys: ["dataset", "measures", "dimensions", "filters", "time"] },
    )
    .chain(
      (plan): fc.Arbitrary<Plan> =>
        fc
          .option(
            fc.record({
              by: fc.constantFrom(...plan.measures, ...plan.dimensions),
              direction: fc.constantFrom("asc" as const, "desc" as const),
            }),
          )
          .map((order_by) => ({ ...plan, ...(order_by && { order_by }) })),
    )
    .filter((plan) => planProblems(plan).length === 0);
};

/** Plans of all data sets. */
export const anyPlan: fc.Arbitrary<Plan> = fc.oneof(...datasetNames.map(planAbout));
