import { z } from "@hono/zod-openapi";
import { starterKinds } from "./start-run.ts";

export const runStatuses = ["pending", "running", "paused", "completed", "failed", "cancelled"] as const;
export type RunStatus = (typeof runStatuses)[number];

const stepStatuses = [
  "pending",
  "running",
  "waiting",
  "paused",
  "completed",
  "failed",
  "skipped",
  "cancelled",
] as const;
export type StepStatus = (typeof stepStatuses)[number];

export const runErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  details: z.unknown().optional(),
});
export type RunError = z.infer<typeof runErrorSchema>;

/** What went wrong with one item of a `for_each`, or one sub-task of a `fan_out`, whose step went on without it. */
const itemErrorSchema = z
  .object({
    index: z.number().int().optional().openapi({ description: "Of the item" }),
    name: z.string().optional().openapi({ description: "Of the sub-task" }),
    error: runErrorSchema,
  })
  .openapi("ItemError");
export type ItemError = z.infer<typeof itemErrorSchema>;

const time = z.iso.datetime();

export const taskStatuses = ["queued", "waiting", "dispatched", "completed", "failed", "cancelled"] as const;

const stepViewSchema = z
  .object({
    name: z.string(),
    action: z.string(),
    status: z.enum(stepStatuses),
    attempts: z.number().int(),
    started_at: time.nullable(),
    completed_at: time.nullable(),
    fuel: z.number().int(),
    tokens: z.object({
      input: z.number().int(),
      output: z.number().int(),
      estimated: z
        .boolean()
        .optional()
        .openapi({ description: "True where the provider told no usable numbers, and they are an estimate" }),
    }),
    input: z.record(z.string(), z.unknown()).nullable().default(null).openapi({
      description:
        "What its one task was given, up to 16 KiB; larger ones, and those of several tasks, are with the tasks",
    }),
    tasks: z
      .partialRecord(z.enum(taskStatuses), z.number().int())
      .default({})
      .openapi({ description: "How many there are by status; each is in the list of the run's tasks" }),
    output: z.unknown(),
    error: runErrorSchema.nullable(),
    errors: z.array(itemErrorSchema).default([]).openapi({
      description:
        "With `on_error: continue`: items and sub-tasks that failed; their places in the output are null",
    }),
  })
  .openapi("RunStep");

/** A gate: a step that waits for a person. */
export const waitingGateSchema = z
  .object({
    step: z.string().openapi({ description: "What an answer names" }),
    since: time,
    expires_at: time.nullable(),
    review: z.unknown().openapi({ description: "What there is to look at" }),
    correlation_id: z.string().openapi({
      description:
        "The run it is a step of: this one, or a child run, which can be answered by its own id as well",
    }),
    needs: z
      .string()
      .nullable()
      .default(null)
      .openapi({ description: "The permission that whoever says yes needs; null for none" }),
  })
  .openapi("WaitingGate");
export type WaitingGate = z.infer<typeof waitingGateSchema>;

/** A run that carries out a task of another by a `workflow:{name}` topic. */
const childRunSchema = z
  .object({
    correlation_id: z.string(),
    workflow: z.string(),
    step: z.string(),
    task: z.string().openapi({ description: "Name of the sub-task, index of the item, or `main`" }),
    attempt: z.number().int(),
    status: z.enum(runStatuses),
  })
  .openapi("ChildRun");
export type ChildRun = z.infer<typeof childRunSchema>;

const versionSchema = z.object({ id: z.string(), version: z.number().int() });

/** What a run was made of. */
const versionsSchema = z
  .object({
    template: versionSchema.nullable(),
    definition: versionSchema.nullable().openapi({ description: "The workflow that its plan is" }),
    workflows: z
      .record(z.string(), versionSchema)
      .openapi({ description: "Those that its plan reaches, by name" }),
  })
  .openapi("RunVersions");

const planOfRun = z
  .looseObject({ start_step: z.string(), steps: z.record(z.string(), z.looseObject({ action: z.string() })) })
  .openapi("RunPlan");

/** A run as its owner sees it (docs/workflows.md#your-runs). */
export const runViewSchema = z
  .object({
    correlation_id: z.string(),
    instance_id: z.string().nullable(),
    status: z.enum(runStatuses),
    current_step: z.string().nullable(),
    steps: z.array(stepViewSchema),
    data: z.record(z.string(), z.unknown()),
    fuel: z.object({ budget: z.number().int(), reserved: z.number().int(), spent: z.number().int() }),
    result: z.unknown(),
    error: runErrorSchema.nullable(),
    created_at: time,
    updated_at: time,
    completed_at: time.nullable(),
    waiting: z
      .array(waitingGateSchema)
      .default([])
      .openapi({ description: "Gates that wait for a person, its own first, then those of its child runs" }),
    parent_id: z
      .string()
      .nullable()
      .default(null)
      .openapi({ description: "The run that waits for this one" }),
    children: z
      .array(childRunSchema)
      .default([])
      .openapi({ description: "Its child runs, each readable by its own id; at most 1 000" }),
    trace_id: z
      .string()
      .nullable()
      .default(null)
      .openapi({ description: "The trace of the request that started it, and of all that it led to" }),
    revision: z
      .number()
      .int()
      .nullable()
      .default(null)
      .openapi({ description: "Counts what has happened to it, as in its events" }),
    started_by: z
      .object({
        kind: z.enum(starterKinds),
        id: z.string().nullable(),
        depth: z
          .number()
          .int()
          .optional()
          .openapi({ description: "How many triggers have led to it, one after another" }),
      })
      .nullable()
      .default(null)
      .openapi({ description: "The user, key, schedule or trigger that started it" }),
    input: z.record(z.string(), z.unknown()).nullable().default(null),
    plan: planOfRun.nullable().default(null).openapi({ description: "As it was when the run began" }),
    versions: versionsSchema
      .nullable()
      .default(null)
      .openapi({ description: "Null, as the four above, in runs archived by an earlier release" }),
  })
  .openapi("Run");

export type RunView = z.infer<typeof runViewSchema>;
