import { z } from "@hono/zod-openapi";
import { feedbackSchema } from "../feedback.ts";
import { canonicalTopic } from "../topics.ts";

const name = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "Letters, digits, _ and -, at most 64");

/** What a step may be called: not what every object has already, such as `constructor`. */
const ownName = name.refine((text) => !(text in Object.prototype), "This name is reserved");

const topic = z.string().min(1).max(200).overwrite(canonicalTopic);

export const subTaskSchema = z
  .object({
    step_name: ownName,
    topic,
    action: z.string().max(64).optional(),
    input: z.record(z.string(), z.unknown()).optional(),
  })
  .openapi("SubTask");

export const stepSchema = z
  .object({
    action: z.string().min(1).max(64),
    description: z.string().max(1000).default(""),
    topic: topic.optional(),
    dependencies: z.array(name).max(50).optional(),
    next_step: name.optional(),
    sub_tasks: z.array(subTaskSchema).max(100).optional(),
    store_memory: z.boolean().optional(),
    /** Templates over the run's data: `{{input.topic}}`, `{{steps.research.output.results}}`. */
    input: z.record(z.string(), z.unknown()).optional(),
    /** A CEL condition over `input`, `steps`, `data`; the step is skipped when it is false. */
    when: z.string().max(2000).optional(),
    retry: z
      .object({
        max_attempts: z.number().int().min(1).max(10),
        backoff_seconds: z.number().min(0).max(3600).default(1),
        multiplier: z.number().min(1).max(10).default(2),
      })
      .optional(),
    timeout_seconds: z
      .number()
      .positive()
      .max(7 * 86_400)
      .optional(),
    /** A step to go to when this one fails, or `continue`. */
    on_error: z.string().max(64).optional(),
    /** A CEL expression giving a list; one task per item, available as `item` and `index`. */
    for_each: z.string().max(2000).optional(),
    max_parallel: z.number().int().min(1).max(1000).optional(),
    /** Step run, in reverse order of completion, when the run fails later. */
    compensate: name.optional(),
    /** What a pause answers itself with when nobody has in time; without it that rejects the run. */
    default_answer: z.object({ approved: z.boolean(), feedback: feedbackSchema.optional() }).optional(),
    /** Most fuel a child run of a `workflow:` topic may use; what its plan can need when left out. */
    fuel_budget: z.number().int().min(1).max(1_000_000).optional(),
    /** With them the step is one of rounds. */
    tools: z
      .array(z.string().min(1).max(80))
      .min(1)
      .max(32)
      .optional()
      .openapi({ description: "What the model of a text may ask for, by name" }),
    max_turns: z
      .number()
      .int()
      .min(1)
      .max(25)
      .optional()
      .openapi({ description: "Calls of the model that may ask for tools; 8 unless given" }),
    max_calls: z
      .number()
      .int()
      .min(1)
      .max(50)
      .optional()
      .openapi({ description: "Calls of tools that are carried out; 16 unless given" }),
    on_limit: z.enum(["fail", "answer"]).optional().openapi({
      description:
        "What follows when the last of the turns asks for tools: a failure, or an answer without any",
    }),
  })
  .openapi("Step");

/** A workflow plan (docs/workflows.md#a-plan). What it means is checked by `validate-plan.ts`. */
export const planSchema = z
  .object({ start_step: z.string().max(64), steps: z.record(ownName, stepSchema) })
  .openapi("WorkflowPlan");

export type Plan = z.infer<typeof planSchema>;
export type Step = z.infer<typeof stepSchema>;
export type SubTask = z.infer<typeof subTaskSchema>;
