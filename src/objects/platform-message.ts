import { z } from "zod";
import { attemptUsageSchema } from "#src/engine/attempt-usage.ts";
import { runErrorSchema, runStatuses } from "#src/engine/run-view.ts";

/** A copy of a run for the D1 read model; written only when `revision` is newer. Times in epoch milliseconds. */
export const runCopySchema = z.object({
  type: z.literal("run.copy"),
  id: z.string(),
  correlation_id: z.string(),
  revision: z.number().int().positive(),
  client_id: z.string(),
  user_id: z.string(),
  instance_id: z.string().nullable(),
  project_id: z.string().nullable(),
  template_id: z.string().nullable(),
  status: z.enum(runStatuses),
  current_step: z.string().nullable(),
  fuel_budget: z.number().int(),
  fuel_spent: z.number().int(),
  tokens_in: z.number().int(),
  tokens_out: z.number().int(),
  cost_micros: z.number().int(),
  error: runErrorSchema.pick({ code: true, message: true }).nullable(),
  created_at: z.number().int(),
  updated_at: z.number().int(),
  completed_at: z.number().int().nullable(),
  /** Of a run that has ended: the finished attempts of all its tasks, by agent type. */
  attempts: z
    .record(
      z.string().max(200),
      z.object({ finished: z.number().int().positive(), failed: z.number().int().nonnegative() }),
    )
    .optional(),
  /** Of a run that has ended: what those attempts have used. Objects of the release before do not tell it. */
  used: attemptUsageSchema.optional(),
  /** Whether the object has it in its history; those of releases before have none. */
  is_in_history: z.boolean().optional(),
});
export type RunCopy = z.infer<typeof runCopySchema>;

/**
 * One finished attempt of a task: a line of the tenant's history. Objects of releases before send them to D1, where
 * `id` makes repeats harmless.
 */
export const usageRecordSchema = z.object({
  type: z.literal("usage"),
  /** The task's id and attempt. */
  id: z.string(),
  client_id: z.string(),
  user_id: z.string(),
  instance_id: z.string().nullable(),
  correlation_id: z.string(),
  step_name: z.string(),
  agent_type: z.string(),
  action: z.string(),
  model: z.string().nullable(),
  fuel: z.number().int(),
  tokens_in: z.number().int(),
  tokens_out: z.number().int(),
  cost_micros: z.number().int(),
  duration_ms: z.number().int(),
  success: z.boolean(),
  error_code: z.string().nullable(),
  created_at: z.number().int(),
});
export type UsageRecord = z.infer<typeof usageRecordSchema>;

/** A run carries out a workflow definition, as its own plan or in a child run; told once and again is the same. */
const workflowUseSchema = z.object({
  type: z.literal("workflow.use"),
  client_id: z.string(),
  workflow_id: z.string(),
  version: z.number().int().positive(),
  /** The run that no other waits for. */
  correlation_id: z.string(),
  /** When that run was started. */
  created_at: z.number().int(),
});
export type WorkflowUse = z.infer<typeof workflowUseSchema>;

/** Tasks that are open in one of a tenant's objects, by topic. Nobody confirms it: the next one takes its place. */
const openTasksSchema = z.object({
  type: z.literal("tasks.open"),
  client_id: z.string(),
  shard: z.number().int().nonnegative(),
  /** When they were counted: of two the later one is right. */
  at: z.number().int(),
  /** Until when that holds if nothing more is heard of the object. */
  until: z.number().int(),
  topics: z.record(z.string().max(200), z.number().int().positive()),
});
export type OpenTasks = z.infer<typeof openTasksSchema>;

/** What the read models are told. Consumed by the events Worker only. */
export const platformMessageSchema = z.discriminatedUnion("type", [
  runCopySchema,
  usageRecordSchema,
  workflowUseSchema,
  openTasksSchema,
]);
export type PlatformMessage = z.infer<typeof platformMessageSchema>;

/** A message that its object keeps, and sends again, until the read models have it. */
export type KeptMessage = Exclude<PlatformMessage, OpenTasks>;

export const isKept = (message: PlatformMessage): message is KeptMessage => message.type !== "tasks.open";

/** What travels on `platform-events`: one of them, or several together, because queues count messages. */
export const platformBodySchema = z.union([platformMessageSchema, z.array(platformMessageSchema).min(1)]);
export type PlatformBody = z.infer<typeof platformBodySchema>;

/** The parts of a message's body, readable or not. */
export const partsOf = (body: unknown): readonly unknown[] => (Array.isArray(body) ? body : [body]);

/** Says that a read model has a message: what it is about, and which version of that. */
export const copyReceiptSchema = z.object({ key: z.string().max(400), version: z.number().int() });
export type CopyReceipt = z.infer<typeof copyReceiptSchema>;

const sender = { client_id: true, correlation_id: true } as const;

/** As much of a message, readable or not, as says which copy it is and whose. */
export const copyAddressSchema = z.discriminatedUnion("type", [
  runCopySchema.pick({ type: true, ...sender, revision: true }),
  usageRecordSchema.pick({ type: true, ...sender, id: true }),
  workflowUseSchema.pick({ type: true, ...sender, workflow_id: true }),
]);
export type CopyAddress = z.infer<typeof copyAddressSchema>;

export function receiptOf(message: CopyAddress): CopyReceipt {
  switch (message.type) {
    case "run.copy":
      return { key: `run:${message.correlation_id}`, version: message.revision };
    case "usage":
      return { key: `usage:${message.id}`, version: 1 };
    case "workflow.use":
      return { key: `use:${message.workflow_id}:${message.correlation_id}`, version: 1 };
  }
}
