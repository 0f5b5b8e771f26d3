import { z } from "zod";
import { cutText } from "#src/text/cut-text.ts";

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
  attempt: z.number().int().positive().optional().catch(undefined),
});

const maxReason = 2000;
/** A queue takes 128 KB; a broken message may already be as large as that, and the letter wraps it. */
const maxBodyCharacters = 30_000;

/** The letter about a message: its body whole, or its address and beginning when it is too large to be wrapped. */
export function deadLetter(queue: string, body: unknown, reason: string, now: number): DeadLetter {
  const text = JSON.stringify(body) ?? "null";
  return {
    dead_letter: true,
    reason: cutText(reason, maxReason),
    queue,
    body:
      text.length <= maxBodyCharacters
        ? body
        : { ...taskAddressSchema.safeParse(body).data, truncated: cutText(text, maxBodyCharacters) },
    failed_at: now,
  };
}
