import { z } from "zod";
import { planSchema } from "#src/engine/plans/plan.ts";
import { tiers } from "#src/kernel/actor.ts";
import { busyWays } from "#src/kernel/chat-words.ts";
import { personalisations } from "#src/kernel/personalisation-words.ts";
import { startRunSchema } from "./rpc-schemas.ts";

const id = z.string().min(1).max(100);

/** What turns are carried out with: the persona as it is published, and what its runs need of the platform. */
export const personaSchema = z.object({
  systemPrompt: z.string(),
  model: z.string().nullable(),
  tools: z.array(id).max(50),
  /** How much it is told of whom it talks with. */
  personalisation: z.enum(personalisations).default("off"),
  /** Of a hundred persons so many are recommended what is popular, to compare with. */
  holdoutPercent: z.number().min(0).max(100).default(0),
  /** Whether what is said to it is read for moods and topics, of who agrees to that. */
  insights: z.boolean().default(false),
  /** Whether conversations that their owners have not named get a title after the first answer. */
  autoTitle: z.boolean().default(false),
  /** What its turns follow; null for the one step that answers. */
  workflow: z.object({ id, version: z.number().int().positive(), plan: planSchema }).nullable().default(null),
  /** Whether its tenant has rules that what it says is held against. */
  moderated: z.boolean().default(false),
  onBusy: z.enum(busyWays),
  /** Whether a message reopens what has ended, as the tenant has it. */
  reopens: z.boolean().default(true),
  /** What has people take over without being asked for; null where the persona hands nothing over. */
  handover: z
    .object({
      words: z.array(z.string()),
      unhelpfulTurns: z.boolean(),
      /** By what is read out of what was said: that a person is wanted, and how somebody seems to feel, at most. */
      wantsHuman: z.boolean().default(false),
      sentimentBelow: z.number().nullable().default(null),
    })
    .nullable()
    .default(null),
  run: startRunSchema
    .pick({
      userId: true,
      projectId: true,
      templateId: true,
      templateVersion: true,
      config: true,
      agents: true,
      fuelBudget: true,
      lane: true,
    })
    .extend({ tier: z.enum(tiers), workflows: startRunSchema.shape.workflows.default({}) }),
});
export type Persona = z.infer<typeof personaSchema>;

/**
 * The persona as it is now, for what it goes on with by itself. Null: it may not answer any more, and begins nothing.
 * Left out: as it was last looked up.
 */
export const standingPersonaSchema = personaSchema.nullable().optional();
export type StandingPersona = z.infer<typeof standingPersonaSchema>;
