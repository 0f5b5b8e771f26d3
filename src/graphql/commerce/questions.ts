import { z } from "@hono/zod-openapi";
import { analyticsAnswerSchema, askAnalytics } from "#src/questions/index.ts";
import { builder } from "../builder.ts";
import { askFor } from "../context.ts";
import { costs } from "../field-cost.ts";
import { keyArg } from "../mutation-field.ts";
import { viewType } from "../view-type.ts";

const Asked = viewType(
  "AskedAnalytics",
  z.object({ correlation_id: z.string().nullable(), answer: analyticsAnswerSchema.nullable() }),
  { names: { answer: "AnalyticsAnswer" } },
);

/** Questions about the figures. */
export function addQuestions(): void {
  builder.mutationField("askAnalytics", (t) =>
    t.field({
      type: Asked,
      description: askAnalytics.description,
      args: {
        question: t.arg.string({ description: "In words" }),
        plan: t.arg({ type: "JSON", description: "A plan, as REST has it" }),
        ...keyArg(t.arg),
      },
      extensions: costs(50),
      resolve: async (_root, { question, plan, idempotencyKey }, context) => {
        const body = {
          ...(question !== undefined && question !== null && { query: question }),
          ...(plan && { plan }),
        };
        const output = await askFor(context, askAnalytics, { body }, idempotencyKey);
        if ("events_url" in output) return { correlation_id: output.correlation_id, answer: null };
        return { correlation_id: output.run_id, answer: output };
      },
    }),
  );
}
