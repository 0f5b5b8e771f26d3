import { z } from "zod";
import { personaSchema } from "./conversation-persona.ts";

/** What is counted of whoever writes, at the gate of their tenant. */
const countedWritingSchema = z.object({
  key: z.string(),
  limits: z
    .array(z.object({ seconds: z.number().int().positive(), most: z.number().int().nonnegative() }))
    .readonly(),
  /** What they are told where there is no more of it. */
  tooMuch: z.string(),
  /** Whether it is used by what is said again, or comes to nothing, as well. */
  everyCall: z.boolean().optional(),
});
export type CountedWriting = z.infer<typeof countedWritingSchema>;

/** What a conversation may let the owner write on a socket for a while, without asking again whether they may. */
export const writingLeaveSchema = z.object({
  /** As it is now, whom they write to; null where each message is to be asked about. */
  persona: personaSchema.nullable(),
  counted: z.array(countedWritingSchema),
});
export type WritingLeave = z.infer<typeof writingLeaveSchema>;
