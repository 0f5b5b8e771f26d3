import { z } from "zod";
import { runErrorSchema } from "./run-view.ts";
import { taskConsumers } from "./topics.ts";

/** What a task cost. Money in millionths of a US dollar. */
export const taskUsageSchema = z.object({
  model: z.string().max(100).optional(),
  tokensIn: z.number().int().nonnegative(),
  tokensOut: z.number().int().nonnegative(),
  costMicros: z.number().int().nonnegative(),
  durationMs: z.number().nonnegative(),
  /** Of it, in calls of providers; those that went on side by side add up. */
  providerMs: z.number().nonnegative().optional(),
  /** Whether a provider's own figures were missing or senseless, and ours stand in their place. */
  isEstimated: z.boolean().optional(),
});
export type TaskUsage = z.infer<typeof taskUsageSchema>;

const taskResultSchema = z.object({
  output: z.record(z.string(), z.unknown()),
  usage: taskUsageSchema,
  /** Fuel actually used when it is known only afterwards; at most what was reserved counts. */
  fuelUsed: z.number().int().nonnegative().optional(),
  /** Consumers of the release before bring their last piece of text here, which goes nowhere. */
  rest: z.object({ index: z.number().int().nonnegative(), delta: z.string() }).optional(),
});
export type TaskResult = z.infer<typeof taskResultSchema>;

/** A result with the task it belongs to. */
export const taskCompletionSchema = z.object({
  taskId: z.string().min(1).max(200),
  attempt: z.number().int().positive(),
  result: taskResultSchema,
  /** Who reports, if it wants the next task of the run. */
  consumer: z.enum(taskConsumers).optional(),
});
export type TaskCompletion = z.infer<typeof taskCompletionSchema>;

/** Which attempt of which task a report is about. */
export const taskAddressSchema = z.tuple([z.string().min(1).max(200), z.number().int().positive()]);
export type TaskAddress = z.infer<typeof taskAddressSchema>;

/** What consumers of the release before bring of a text; nobody reads it. */
export const taskProgressSchema = z.object({
  index: z.number().int().nonnegative(),
  delta: z.string().max(1_000_000),
});

/** The longest that a task is given back for, or that a provider can have the next attempt wait. */
export const maxDeferralMs = 86_400_000;

/** Milliseconds after which a task that was given back is delivered again. */
export const deferralSchema = z.number().int().nonnegative().max(maxDeferralMs);

export const taskFailureSchema = z.object({
  error: runErrorSchema.extend({
    retryable: z.boolean(),
    /** Milliseconds before which another attempt makes no sense. */
    retryAfterMs: deferralSchema.optional(),
  }),
  usage: taskUsageSchema.optional(),
});
export type TaskFailure = z.infer<typeof taskFailureSchema>;

/** A task whose message ended among the dead letters. A broken message may not say which attempt it was of. */
export const deadTaskSchema = z.object({
  taskId: z.string().min(1).max(200),
  reason: z.string().max(2000),
  attempt: z.number().int().positive().optional(),
  /** Whether another attempt may succeed. */
  retryable: z.boolean(),
});
export type DeadTask = z.infer<typeof deadTaskSchema>;
