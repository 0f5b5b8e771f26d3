import { z } from "zod";

/** What a consumer puts on a dead-letter queue when it cannot even read a message. A message that the runtime moved there arrives bare. */
export const deadLetterSchema = z.object({
  dead_letter: z.literal(true),
  reason: z.string().max(2000),
  queue: z.string(),
  body: z.unknown(),
  /** Epoch milliseconds. */
  failed_at: z.number().int(),
});

export type DeadLetter = z.infer<typeof deadLetterSchema>;

/** As much of a task's address as a broken message still has. */
export const taskAddressSchema = z.object({
  client_id: z.string().regex(/^[A-Za-z0-9_]{3,50}$/),
  correlation_id: z.string().min(2).max(64),
  task_id: z.string().min(1).max(200),
});
