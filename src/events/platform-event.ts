import { z } from "zod";
import type { EventName } from "#src/kernel/event-catalogue.ts";

/**
 * One line of a tenant's event log. SSE, WebSockets and (later) webhooks all
 * read from that log; `seq` is monotonic per tenant object.
 */
export const platformEventSchema = z.object({
  seq: z.number().int().positive(),
  /** Dotted name, for example `execution.progress`. */
  event: z.string().min(1).max(100),
  /** What the event is about; order is kept per entity. For a run: the correlation id. */
  entity_id: z.string().max(100),
  /** The user who may see it; null for everybody in the tenant. */
  owner_user_id: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
  /** ISO 8601 UTC. */
  timestamp: z.string(),
});

export type PlatformEvent = z.infer<typeof platformEventSchema>;

/** The events after which a run says nothing more. */
export const terminalExecutionEvents: readonly string[] = [
  "execution.completed",
  "execution.failed",
  "execution.cancelled",
] satisfies EventName[];
