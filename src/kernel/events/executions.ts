import { z } from "zod";
import { entry } from "./entry.ts";

/** What every event of a run says; of a child run, under the id of the run above all. */
const run = {
  correlation_id: z.string(),
  instance_id: z.string().nullable(),
  child_id: z.string().optional().describe("The child run in which it happened"),
  workflow: z.string().optional().describe("The workflow that the child run carries out"),
  revision: z
    .number()
    .int()
    .optional()
    .describe("Of the run in which it happened, after it; what an earlier release has told of has none"),
  trace_id: z.string().optional().describe("The trace (W3C) of the request that started the run"),
};

/** Whose run an event is of. */
export type RunOfEvent = z.input<z.ZodObject<typeof run>>;

const fuel = z.object({ budget: z.number(), reserved: z.number(), spent: z.number() });
const error = z.object({ code: z.string(), message: z.string(), details: z.unknown().optional() });
const itemError = z.object({ index: z.number().optional(), name: z.string().optional(), error });
const waiting = z.object({
  step: z.string(),
  since: z.string(),
  expires_at: z.string().nullable(),
  review: z.unknown().optional().describe("What a review of it has said"),
  correlation_id: z.string(),
});

const step = z.object({
  ...run,
  step: z.string(),
  action: z.string(),
  status: z.string().describe("What has become of the step"),
  progress: z.number().describe("Share of the plan's steps that are over, from 0 to 1"),
  fuel,
  error: error.optional(),
  errors: z.array(itemError).readonly().optional(),
});

/** Whose text it is that is being written. */
const writing = {
  correlation_id: z.string(),
  instance_id: z.string().nullable(),
  step: z.string(),
  task_id: z.string().describe("The task that writes; of a child run's text, its task"),
  attempt: z.number(),
};

const text = z.object({
  ...writing,
  offset: z.number().describe("Where it begins, in UTF-16 units from the start of the text"),
  text: z.string(),
});

/** What every event of a task says. */
const task = {
  ...run,
  step: z.string(),
  task_id: z.string(),
  name: z.string().optional().describe("Of the sub-task, in a `fan_out`"),
  index: z.number().int().optional().describe("Of the item, in a `for_each`"),
  action: z.string(),
  attempt: z.number().int().describe("Counts from 1"),
};

const endedTask = {
  ...task,
  fuel: z.number().describe("What it has used"),
  tokens: z.object({ input: z.number(), output: z.number() }).describe("Of all its attempts"),
  model: z.string().optional(),
};

const ended = z.object({
  ...run,
  status: z.string(),
  result: z.unknown().optional(),
  error: error.nullable().optional(),
  fuel,
});

/** Whose run the samples are of. */
const someRun = {
  correlation_id: "01934f5c-91d2-7e4a-b0c8-6a5f3d2e1b09",
  instance_id: "01934f5c-8f10-7a2b-9e3d-1c4b5a697887",
  revision: 7,
  trace_id: "4bf92f3577b34da6a3ce929d0e0e4736",
};

/** Events of runs; patterns name them `instance.execution.*` as well. */
export const executionEvents = {
  "execution.started": entry({
    about: "A run began.",
    entity: "run",
    seenBy: "owner",
    webhooks: false,
    data: z.object({ ...run, status: z.string(), fuel }),
  }),
  "execution.progress": entry({
    about: "A step began or ended.",
    entity: "run",
    seenBy: "owner",
    webhooks: false,
    data: step,
  }),
  "execution.snapshot": entry({
    about:
      "The text that a step is writing, as it is when you begin to watch: it takes the place of what you had.",
    entity: "run",
    seenBy: "owner",
    webhooks: false,
    passes: true,
    data: text,
  }),
  "execution.delta": entry({
    about: "What a step has written since. Keep it where your text ends at `offset`.",
    entity: "run",
    seenBy: "owner",
    webhooks: false,
    passes: true,
    data: text,
  }),
  "execution.reset": entry({
    about: "A step writes its text anew: forget what you had of it.",
    entity: "run",
    seenBy: "owner",
    webhooks: false,
    passes: true,
    data: z.object(writing),
  }),
  "execution.task.dispatched": entry({
    about: "A task went out, for the first time or in another attempt.",
    entity: "run",
    seenBy: "owner",
    webhooks: false,
    data: z.object({ ...task, fuel: z.number().describe("Reserved for it") }),
  }),
  "execution.task.claimed": entry({
    about: "A consumer took a task.",
    entity: "run",
    seenBy: "owner",
    webhooks: false,
    data: z.object(task),
  }),
  "execution.task.delayed": entry({
    about: "An attempt of a task was over, and another follows.",
    entity: "run",
    seenBy: "owner",
    webhooks: false,
    data: z.object({
      ...task,
      delay_ms: z.number().describe("Until the next attempt"),
      error: error.optional().describe("Why it failed; without it the provider could not be called for now"),
    }),
  }),
  "execution.task.completed": entry({
    about: "A task completed.",
    entity: "run",
    seenBy: "owner",
    webhooks: false,
    data: z.object({
      ...endedTask,
      text_length: z.number().int().optional().describe("UTF-16 units of the text that it has written"),
    }),
  }),
  "execution.task.failed": entry({
    about: "A task failed for good.",
    entity: "run",
    seenBy: "owner",
    webhooks: false,
    data: z.object({ ...endedTask, error: error.optional() }),
  }),
  "execution.task.cancelled": entry({
    about: "A task that was out was not wanted any more.",
    entity: "run",
    seenBy: "owner",
    webhooks: false,
    data: z.object(endedTask),
  }),
  "execution.paused": entry({
    about: "A step waits for a person.",
    entity: "run",
    seenBy: "owner",
    webhooks: true,
    sample: {
      ...someRun,
      code: "WORKFLOW_PAUSED",
      step: "approve",
      description: "Publish this text?",
      data: { draft: "Tea, and how to make it" },
      expires_at: "2026-12-01T09:00:00.000Z",
      fuel: { budget: 100, reserved: 0, spent: 12 },
    },
    data: z.object({
      ...run,
      code: z.string(),
      step: z.string(),
      description: z.string().optional(),
      data: z.record(z.string(), z.unknown()).optional().describe("What there is to look at"),
      expires_at: z.string().nullable(),
      waiting: z.array(waiting).optional().describe("All steps that wait, this one among them"),
      fuel,
    }),
  }),
  "execution.completed": entry({
    about: "A run ended with its result.",
    entity: "run",
    seenBy: "owner",
    webhooks: true,
    sample: {
      ...someRun,
      status: "completed",
      result: { text: "Tea, and how to make it" },
      error: null,
      fuel: { budget: 100, reserved: 0, spent: 18 },
    },
    data: ended,
  }),
  "execution.failed": entry({
    about: "A run failed.",
    entity: "run",
    seenBy: "owner",
    webhooks: true,
    sample: {
      ...someRun,
      status: "failed",
      error: { code: "AI_SERVICE_ERROR", message: "The AI service failed" },
      fuel: { budget: 100, reserved: 0, spent: 6 },
    },
    data: ended,
  }),
  "execution.cancelled": entry({
    about: "A run was cancelled.",
    entity: "run",
    seenBy: "owner",
    webhooks: false,
    data: ended,
  }),
};
