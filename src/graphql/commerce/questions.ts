import { askAnalytics } from "#src/questions/index.ts";
import { builder } from "../builder.ts";
import { askFor } from "../context.ts";
import { costs } from "../field-cost.ts";
import { viewType } from "../view-type.ts";

const Answer = viewType("AnalyticsAnswer", askAnalytics.output);

/** Questions about the figures. */
export function addQuestions(): void {
  builder.mutationField("askAnalytics", (t) =>
    t.field({
      type: Answer,
      description: askAnalytics.description,
      args: { plan: t.arg({ type: "JSON", required: true, description: "As REST has it" }) },
      extensions: costs(50),
      resolve: (_root, { plan }, context) => askFor(context, askAnalytics, { body: { plan } }),
    }),
  );
}
