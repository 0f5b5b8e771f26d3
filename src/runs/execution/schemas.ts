import { z } from "@hono/zod-openapi";
import { answeredStepSchema, feedbackSchema } from "#src/engine/feedback.ts";
import { lanes } from "#src/engine/topics.ts";
import { jsonObject } from "#src/kernel/json-object.ts";

export const executeSchema = z
  .strictObject({
    action: z.string().max(64).optional(),
    input: jsonObject.default({}),
    project_id: z.uuid().optional().openapi({
      description:
        "The project that the persona has to be in; where it is in another one, there is none such",
    }),
    fuel_budget: z.number().int().min(1).max(1_000_000).optional().openapi({
      description: "Fuel units; the tier's default when left out, and never more than it",
    }),
    priority: z
      .enum(lanes)
      .optional()
      .openapi({ description: "A lane below the one of the tier; a higher one is ignored" }),
  })
  .openapi("Execute", { example: { input: { topic: "tea at high altitude" } } });
export type Execute = z.infer<typeof executeSchema>;

export const acceptedRunSchema = z
  .object({ correlation_id: z.string(), status: z.string(), events_url: z.string() })
  .openapi("AcceptedRun");
export type AcceptedRun = z.output<typeof acceptedRunSchema>;

export const resumeSchema = z
  .strictObject({ approved: z.boolean(), step: answeredStepSchema, feedback: feedbackSchema.optional() })
  .openapi("Resume", { example: { approved: true, feedback: "Good work" } });
export type Resume = z.infer<typeof resumeSchema>;

export const stopSchema = z
  .strictObject({ correlation_id: z.uuid().optional(), reason: z.string().trim().min(1).max(500).optional() })
  .openapi("StopInstance");

export const stoppedSchema = z
  .object({ instance_id: z.uuid(), stopped: z.array(z.string()), count: z.number().int() })
  .openapi("StoppedInstance");
