import { z } from "zod";
import { standingPersonaSchema } from "./conversation-persona.ts";

const id = z.string().min(1).max(100);

/** What somebody does about who holds a conversation. */
export const holderChangeSchema = z.discriminatedUnion("action", [
  /** A person is asked for. */
  z.object({ action: z.literal("handover") }),
  /** Whoever holds it is not there any more. */
  z.object({ action: z.literal("absence"), of: id }),
  z.object({ action: z.literal("take"), by: id, force: z.boolean() }),
  /** With `keepPersona` somebody is named, and the persona goes on. */
  z.object({ action: z.literal("assign"), to: id, keepPersona: z.boolean() }),
  z.object({ action: z.literal("release"), by: id }),
  z.object({ action: z.literal("handBack"), by: id, isAdmin: z.boolean() }),
]);
export type HolderChange = z.infer<typeof holderChangeSchema>;

export const holderRequestSchema = z.object({
  change: holderChangeSchema,
  /** Why, in the words of whoever does it; may be empty. */
  reason: z.string().max(500),
  /** The epoch that the caller believes to be the conversation's. */
  ifEpoch: z.number().int().positive().optional(),
  /** How long whoever takes it, or is given it, may leave somebody without an answer; 0 for ever. */
  idleSeconds: z.number().int().nonnegative().optional(),
  persona: standingPersonaSchema,
});
export type HolderRequest = z.infer<typeof holderRequestSchema>;
