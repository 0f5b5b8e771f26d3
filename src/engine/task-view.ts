import { z } from "@hono/zod-openapi";
import { runErrorSchema, taskStatuses } from "./run-view.ts";

const time = z.iso.datetime().nullable();

const attemptSchema = z
  .object({
    attempt: z
      .number()
      .int()
      .openapi({ description: "The same again where its task was given back unharmed" }),
    status: z.enum(["dispatched", "claimed", "completed", "failed", "deferred", "cancelled"]),
    error: runErrorSchema.nullable(),
    dispatched_at: time,
    claimed_at: time.openapi({ description: "When a consumer first took it" }),
    ended_at: time,
    provider_ms: z.number().nullable().default(null).openapi({
      description:
        "How long it waited for its provider, in milliseconds; calls side by side add up. Null where nobody has said",
    }),
    delay_ms: z.number().nullable().openapi({ description: "Until the next attempt" }),
  })
  .openapi("TaskAttempt");
export type AttemptView = z.infer<typeof attemptSchema>;

/** A task of a run as its owner sees it (docs/workflows.md#your-runs). */
export const taskViewSchema = z
  .object({
    id: z.string(),
    step: z.string(),
    name: z.string().optional().openapi({
      description: "Of the sub-task, in a `fan_out`; of the turn or call, in a step with `tools`",
    }),
    index: z.number().int().optional().openapi({ description: "Of the item, in a `for_each`" }),
    action: z.string(),
    topic: z.string(),
    status: z.enum(taskStatuses),
    attempt: z.number().int(),
    attempts: z.array(attemptSchema).openapi({ description: "All that went out, the present one last" }),
    dispatched_at: time,
    claimed_at: time,
    ended_at: time,
    duration_ms: z
      .number()
      .nullable()
      .openapi({ description: "From the claim of the last attempt to its end" }),
    model: z.string().nullable(),
    tokens: z.object({
      input: z.number().int(),
      output: z.number().int(),
      estimated: z.boolean().optional(),
    }),
    cost_micros: z.number().int().openapi({ description: "Millionths of a US dollar" }),
    fuel: z.object({ reserved: z.number().int(), spent: z.number().int() }),
    child_id: z.string().nullable().openapi({ description: "The run that carries it out" }),
    error: runErrorSchema.nullable(),
    input: z.unknown().optional().openapi({ description: "As rendered; with `include=input`" }),
    output: z.unknown().optional().openapi({ description: "With `include=output`" }),
  })
  .openapi("Task");
export type TaskView = z.infer<typeof taskViewSchema>;

/** Which tasks of a run are asked for. */
export interface TaskQuery {
  /** How many of the run's tasks come before the page. */
  after: number;
  limit: number;
  step?: string;
  status?: TaskView["status"];
  include: readonly ("input" | "output")[];
}

export interface TaskPage {
  tasks: TaskView[];
  /** `after` of the next page; null on the last. */
  next: number | null;
}
