import { z } from "zod";
import { lanes } from "#src/engine/topics.ts";
import { jurisdictions } from "#src/kernel/placement.ts";

/**
 * A task on a queue (docs/agents.md#messages). The message is a wake-up: the
 * consumer claims the task with the tenant object named by `client_id` and
 * `correlation_id` before it does anything. A payload too large for the queue
 * lies in R2 under `payload_ref`.
 */
export const taskEnvelopeSchema = z.object({
  topic: z.string().min(1).max(200),
  task_id: z.string().min(1).max(200),
  correlation_id: z.string().min(1).max(64),
  causation_id: z.string().max(200),
  request_id: z.string().max(200),
  client_id: z.string().regex(/^[A-Za-z0-9_]{3,50}$/),
  /** Where the tenant's objects are held to; left out of most. */
  jurisdiction: z.enum(jurisdictions).optional(),
  user_id: z.string().max(64),
  agent_instance_id: z.string().max(64).optional(),
  project_id: z.string().max(64).optional(),
  priority: z.enum(lanes),
  fuel_reserved: z.number().int().nonnegative(),
  attempt: z.number().int().positive(),
  /** Epoch milliseconds after which the result is no longer wanted. */
  deadline: z.number().int().positive(),
  traceparent: z.string().max(64),
  payload: z.object({ action: z.string().min(1), data: z.record(z.string(), z.unknown()) }).optional(),
  payload_ref: z.string().max(512).optional(),
});

export type TaskEnvelope = z.infer<typeof taskEnvelopeSchema>;
