import { z } from "@hono/zod-openapi";
import { clientIdSchema } from "#src/identity/index.ts";
import { dayOf } from "#src/kernel/clock.ts";
import { operation } from "#src/operation/operation.ts";
import { followed } from "../counting/person-statements.ts";
import { cohortFigures } from "../figures/rollup-repository.ts";
import { dateOf } from "../figures/span.ts";
import { whoseFigures } from "../figures/whose.ts";
import { retentionMatrix } from "./retention-matrix.ts";

const count = z.number().int().nonnegative();

export const retentionSchema = z
  .object({
    cohort: z.enum(["week", "month"]).openapi({ description: "What a cohort is of" }),
    cohorts: z
      .array(
        z
          .object({
            first: z.iso.date().openapi({ description: "When its week (a Monday) or month began" }),
            persons: count.openapi({ description: "Who was active first in it" }),
            later: z
              .array(
                z
                  .object({
                    later: count.openapi({ description: "So many weeks or months later; 0 for the first" }),
                    persons: count.openapi({ description: "Who was active then" }),
                    share: z
                      .number()
                      .min(0)
                      .max(1)
                      .openapi({ description: "Of the cohort; 0 of an empty one" }),
                  })
                  .openapi("Retained"),
              )
              .openapi({ description: "Up to now" }),
          })
          .openapi("Cohort"),
      )
      .openapi({ description: "The last twelve and the one that goes on, the oldest first" }),
  })
  .openapi("Retention");

export const getRetention = operation({
  name: "getRetention",
  summary: "Who comes back: of those who were active first in a week or month, how many were later",
  description: "Of persons who have agreed to be counted under their id.",
  input: z.object({
    query: z.strictObject({
      cohort: z.enum(["week", "month"]).default("week"),
      client_id: clientIdSchema.optional(),
    }),
  }),
  output: retentionSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db, clock }, actor, { query: { cohort, client_id } }) => {
    const clientId = await whoseFigures(db, actor, client_id);
    const matrix = retentionMatrix(cohort, dayOf(clock.now()), followed);
    const rows = await cohortFigures(db, clientId, cohort, matrix.since);
    return {
      cohort,
      cohorts: matrix.of(rows).map(({ first, ...rest }) => ({ first: dateOf(first), ...rest })),
    };
  },
});
