import { z } from "zod";

/** Whose sockets at a conversation are closed, and what they are told. */
export const listenersEndedSchema = z.object({
  whose: z.union([
    z.object({ sessionIds: z.array(z.string()) }),
    z.object({ userId: z.string() }),
    z.literal("everybody"),
  ]),
  why: z.enum(["sessionEnded", "rightsLost"]),
});
export type ListenersEnded = z.infer<typeof listenersEndedSchema>;
