import { z } from "zod";
import { datasetNames, operators, timeDimensions } from "./vocabulary.ts";

/** Bounds of a plan. */
export const planLimits = {
  measures: 5,
  dimensions: 3,
  filters: 10,
  values: 50,
  days: 400,
  rows: 100,
  text: 200,
} as const;

export const chartTypes = ["number", "line", "bar", "pie", "table"] as const;
export type ChartType = (typeof chartTypes)[number];

export const timeUnits = ["week", "month", "quarter", "year"] as const;
export type TimeUnit = (typeof timeUnits)[number];

const word = z.string().min(1).max(64);
const scalar = z.union([z.string().max(planLimits.text), z.number()]);

const filterSchema = z.strictObject({
  field: word.describe("A field of the data set"),
  op: z.enum(operators).describe("How it is compared"),
  value: z
    .union([scalar, z.array(scalar).min(1).max(planLimits.values)])
    .describe("With what; a list for `in`. Things are called by their names"),
});

const timeSchema = z
  .union([
    z.strictObject({
      last_days: z.number().int().min(1).max(planLimits.days).describe("So many days, today the last"),
    }),
    z.strictObject({
      between: z
        .strictObject({
          from: z.iso.date().describe("The first day"),
          to: z.iso.date().describe("The last day"),
        })
        .describe("At most 400 days"),
    }),
    z.strictObject({ this: z.enum(timeUnits).describe("What there is of it so far") }),
    z.strictObject({ previous: z.enum(timeUnits).describe("The whole one before") }),
  ])
  .describe("Which days it is about");

/** The parts of a plan: what is asked of the figures (docs/questions.md#a-plan). What goes together is for `check-plan.ts`. */
export const planShape = {
  dataset: z.enum(datasetNames).describe("What it is about"),
  measures: z.array(word).min(1).max(planLimits.measures).describe("What is measured"),
  dimensions: z
    .array(word)
    .max(planLimits.dimensions)
    .default([])
    .describe(`What it is told by: fields, or ${timeDimensions.join(", ")}`),
  filters: z
    .array(filterSchema)
    .max(planLimits.filters)
    .default([])
    .describe("What it is narrowed by, all of it"),
  time: timeSchema,
  order_by: z
    .strictObject({
      by: word.describe("A measure or a dimension of the plan"),
      direction: z.enum(["asc", "desc"]).default("desc").describe("The least or the most first"),
    })
    .optional()
    .describe("What comes first; times in their order, else the first measure's most, unless said"),
  limit: z.number().int().min(1).max(planLimits.rows).optional().describe("Rows at most, 100 unless said"),
  compare: z.enum(["previous_period"]).optional().describe("With what each measure was in the period before"),
  chart: z.enum(chartTypes).optional().describe("How it is to be shown; a table where that does not fit"),
} as const;

export const planSchema = z.strictObject(planShape);

export type Plan = z.output<typeof planSchema>;
export type Filter = Plan["filters"][number];
export type PlanTime = Plan["time"];
