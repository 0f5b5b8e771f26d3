import { z } from "@hono/zod-openapi";

/** Runs of one call: each costs calls to its object, and a Worker makes a thousand for one request. */
const maxRuns = 100;

const ids = z
  .array(z.uuid())
  .min(1)
  .max(maxRuns)
  .openapi({ description: "Runs of one's own; one that is named twice counts once" });

const example = { ids: ["0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c"] };

export const stopRunsSchema = z
  .strictObject({ ids, reason: z.string().trim().min(1).max(500).default("Stopped by user") })
  .openapi("StopRuns", { example: { ...example, reason: "No longer needed" } });

export const rerunSchema = z.strictObject({ ids }).openapi("Rerun", { example });

const refusalSchema = z.object({ code: z.string(), message: z.string() });

/** What came of each run. */
export const outcomesSchema = z
  .object({
    outcomes: z
      .array(
        z.object({
          id: z.uuid(),
          is_done: z.boolean().openapi({ description: "Whether it was done for this run" }),
          new_id: z.uuid().nullable().openapi({ description: "The new run, where it was executed again" }),
          refusal: z.union([refusalSchema, z.null()]).openapi({
            description: "Why not, as the call for that one alone would say; null where it was done",
          }),
        }),
      )
      .openapi({ description: "What came of each, in the order in which they were named" }),
    done: z.number().int().openapi({ description: "For how many it was done" }),
  })
  .openapi("RunOutcomes");
