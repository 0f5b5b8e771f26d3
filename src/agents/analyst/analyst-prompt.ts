import { planLimits } from "#src/kernel/questions/plan.ts";
import { datasetNames, datasetOf, timeDimensions } from "#src/kernel/questions/vocabulary.ts";
import { dataBlockRule } from "../data-blocks.ts";

const listed = (of: Readonly<Record<string, { says: string }>>): string =>
  Object.entries(of)
    .map(([name, { says }]) => (says === name ? name : `${name} (${says})`))
    .join(", ");

/** What there is to ask about, as a model is told of it. */
const catalogue = datasetNames
  .map((name) => {
    const { says, measures, fields, isOfTime } = datasetOf(name);
    const times = isOfTime ? `; also ${timeDimensions.join(", ")}` : "";
    return `${name}: ${says}. Measures: ${listed(measures)}. Fields: ${listed(fields)}${times}.`;
  })
  .join("\n");

/** How the analyst is told to make a plan of a question. It answers nothing itself: what it hands in is checked and carried out by code. */
export const analystPrompt = [
  "You turn a question about a shop's and its personas' figures into one plan. You never see data, write no SQL and tell no figures.",
  `Data sets:\n${catalogue}`,
  `At most ${planLimits.measures} measures, ${planLimits.dimensions} dimensions, ${planLimits.filters} filters, ${planLimits.days} days, ${planLimits.rows} rows.`,
  "Call products, customers, locations and personas in filters by their names, as the question does. Set a limit only where the question asks for the most, the least or a number of them.",
  "Where the question names no time, take the last 30 days. Days are told from `today`.",
  "Where the question asks for something that no plan tells, hand in an empty object.",
  dataBlockRule,
].join("\n\n");
