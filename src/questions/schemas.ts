import { z } from "@hono/zod-openapi";
import { chartTypes, planShape } from "#src/kernel/questions/plan.ts";
import { datasetNames, namedKinds, operators } from "#src/kernel/questions/vocabulary.ts";

/** The schema, or null, by the name that the schema has in the document. */
const orNull = <S extends z.ZodType>(schema: S) => z.union([schema, z.null()]);

const example = {
  dataset: "order_items",
  measures: ["revenue", "quantity"],
  dimensions: ["product"],
  filters: [],
  time: { previous: "month" },
  limit: 3,
  compare: "previous_period",
} as const;

export const analyticsPlanSchema = z
  .strictObject(planShape)
  .openapi("AnalyticsPlan", { description: "What is asked of the figures", example });

export const questionSchema = z
  .string()
  .trim()
  .min(3)
  .max(500)
  .openapi({ description: "The question, in words", example: "Revenue by product last month, top 3" });

const column = z
  .object({
    name: z.string().openapi({ description: "By which rows and the chart name it" }),
    says: z.string().openapi({ description: "What it is, in words" }),
    type: z.enum(["text", "number", "day", "week", "month"]).openapi({ description: "What its cells are" }),
    unit: z.string().nullable().openapi({
      description:
        "What numbers are counted in: a currency's code for amounts in its minor units, `count`, `share`, `fuel`, `tokens`, `micro-dollars`, `milliseconds`",
    }),
  })
  .openapi("AnalyticsColumn");

const cell = z.union([z.string(), z.number(), z.null()]);

const match = z
  .object({
    said: z.string().openapi({ description: "As the plan has it" }),
    kind: z.enum(namedKinds).openapi({ description: "What it is a name of" }),
    found: z
      .array(z.object({ id: z.string(), name: z.string() }))
      .openapi({ description: "All that are meant; none where nothing is called so" }),
  })
  .openapi("AnalyticsMatch");

const day = z.iso.date().openapi({ description: "A day where the tenant is", example: "2026-11-28" });
const period = z.object({ from: day, to: day });

export const analyticsAnswerSchema = z
  .object({
    question: z.string().nullable().openapi({ description: "The words; null of a plan" }),
    plan: analyticsPlanSchema.openapi({ description: "What has been asked" }),
    explanation: z.string().openapi({
      description: "The plan in a sentence",
      example: "Revenue by product in EUR, 1–31 October 2026, the 3 with the most revenue",
    }),
    period: orNull(period).openapi({ description: "Days that it is about; null of what is as it is now" }),
    previous_period: orNull(period).openapi({ description: "Days that these are compared with" }),
    currency: z.string().nullable().openapi({ description: "Of the amounts; null where there are none" }),
    columns: z.array(column).openapi({ description: "What each row tells" }),
    rows: z
      .array(z.record(z.string(), cell))
      .openapi({ description: "By the columns' names; of the period before by `previous_` and the measure" }),
    chart: z
      .object({
        type: z.enum(chartTypes).openapi({ description: "How it is shown" }),
        x: z.string().nullable().openapi({ description: "Column of the points or parts" }),
        y: z.array(z.string()).openapi({ description: "Columns of the figures" }),
        series: z.string().nullable().openapi({ description: "Column that tells lines or bars apart" }),
      })
      .openapi("AnalyticsChart", { description: "How it is shown" }),
    matches: z.array(match).openapi({ description: "What names in the plan were taken for" }),
    truncated: z
      .boolean()
      .openapi({ description: "Whether there is more than is told: past 100 rows, or 5 seconds" }),
    cost: z
      .object({
        fuel: z.number().int().openapi({ description: "Fuel that it took; none for a plan" }),
        tokens: z.number().int().openapi({ description: "Tokens that it took" }),
      })
      .openapi({ description: "What finding the plan took" }),
    run_id: z.string().nullable().openapi({ description: "The run that answered; null of a plan" }),
  })
  .openapi("AnalyticsAnswer");
export type AnalyticsAnswer = z.output<typeof analyticsAnswerSchema>;

const most = z.number().int().openapi({ description: "At most so many" });
const personal = z.boolean().openapi({ description: "Whether it is only for who sees contacts" });
const said = z.string().openapi({ description: "What it is, in words" });

export const analyticsCatalogueSchema = z
  .object({
    datasets: z
      .array(
        z.object({
          name: z.enum(datasetNames),
          description: said,
          measures: z
            .array(
              z.object({
                name: z.string(),
                description: said,
                unit: z.string().openapi({ description: "What it is counted in" }),
              }),
            )
            .openapi({ description: "What can be measured" }),
          dimensions: z
            .array(z.object({ name: z.string(), description: said, personal }))
            .openapi({ description: "What it can be told by; personal ones for who sees contacts" }),
          filters: z
            .array(
              z.object({
                name: z.string(),
                description: said,
                operators: z.array(z.enum(operators)).openapi({ description: "How it is compared" }),
                values: z
                  .array(z.string())
                  .nullable()
                  .openapi({ description: "All that it can be; null where it can be anything" }),
                personal,
              }),
            )
            .openapi({ description: "What it can be narrowed by" }),
        }),
      )
      .openapi({ description: "What can be asked about" }),
    charts: z.array(z.enum(chartTypes)).openapi({ description: "How answers can be shown" }),
    limits: z
      .object({
        measures: most,
        dimensions: most,
        filters: most,
        values: most,
        days: most,
        rows: most,
      })
      .openapi({ description: "How much a plan may have of each" }),
    examples: z.array(z.string()).openapi({ description: "Questions that are understood" }),
  })
  .openapi("AnalyticsCatalogue");
