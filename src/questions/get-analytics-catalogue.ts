import { z } from "@hono/zod-openapi";
import { questionExamples } from "#src/kernel/questions/examples.ts";
import { chartTypes, planLimits } from "#src/kernel/questions/plan.ts";
import { datasetNames, datasetOf, operatorsOf, timeDimensions } from "#src/kernel/questions/vocabulary.ts";
import { operation } from "#src/operation/operation.ts";
import { analyticsCatalogueSchema } from "./schemas.ts";

const datasets = datasetNames.map((name) => {
  const { says, measures, fields, isOfTime } = datasetOf(name);
  const known = Object.entries(fields);
  return {
    name,
    description: says,
    measures: Object.entries(measures).map(([measure, { says: description, unit }]) => ({
      name: measure,
      description,
      unit,
    })),
    dimensions: [
      ...(isOfTime ? timeDimensions.map((time) => ({ name: time, description: time, personal: false })) : []),
      ...known
        .filter(([, field]) => !field.filterOnly)
        .map(([field, { says: description, personal = false }]) => ({ name: field, description, personal })),
    ],
    filters: known.map(([field, about]) => ({
      name: field,
      description: about.says,
      operators: [...operatorsOf(about)],
      values: about.choices ? [...about.choices] : null,
      personal: about.personal ?? false,
    })),
  };
});

const { measures, dimensions, filters, values, days, rows } = planLimits;
const limits = { measures, dimensions, filters, values, days, rows };

export const getAnalyticsCatalogue = operation({
  name: "getAnalyticsCatalogue",
  summary: "What can be asked of the figures",
  description:
    "Data sets with their measures, dimensions and filters, as a plan of `POST /analytics/query` names them.",
  input: z.object({}),
  output: analyticsCatalogueSchema,
  run: async () => ({ datasets, charts: [...chartTypes], limits, examples: [...questionExamples] }),
});
