import { z } from "zod";
import { personIdSchema } from "./person-id.ts";

/** What a person has said, as somebody tells it. */
export const contextEventSchema = z.object({
  personId: personIdSchema,
  id: z.string().min(1).max(100),
  conversationId: z.string().min(1).max(100).nullable(),
  content: z.string().min(1).max(4096),
  /** Epoch milliseconds. */
  at: z.number().int(),
});
export type ContextEvent = z.infer<typeof contextEventSchema>;

/** How much a person cares for a topic: of all of them together, 1. */
export interface Interest {
  topic: string;
  weight: number;
}

export interface PersonContext {
  /** The newest first. */
  recent: Omit<ContextEvent, "personId">[];
  /** What weighs most first. */
  interests: Interest[];
  /** What the person is about, in short; null where that was not read. */
  summary: string | null;
  /** When the newest of it was said; null where nothing was. */
  updatedAt: number | null;
}

/** What persons have said lately, and care for. */
export interface ContextsApi {
  /** @returns `accepted`: whether it is kept; without the person's consent nothing is. A repeat changes nothing. */
  noteContext(event: ContextEvent): Promise<{ accepted: boolean }>;
  contextOf(personId: string): Promise<PersonContext>;
}
