import { z } from "zod";
import type { Outcome } from "#src/kernel/outcome.ts";
import { personalisations } from "#src/kernel/personalisation-words.ts";
import { personIdSchema } from "./person-id.ts";
import {
  type Location,
  locationSchema,
  maxFactLength,
  maxPages,
  type Page,
  type Preferences,
  pageSchema,
  preferencesChangeSchema,
} from "./profile-parts.ts";

/** The parts of a profile that somebody writes; those that are left out stay as they are. */
export const profileChangeSchema = z.object({
  pages: z.array(pageSchema).max(maxPages).optional(),
  /** Null takes it away. */
  location: locationSchema.nullable().optional(),
  preferences: preferencesChangeSchema.optional(),
});
export type ProfileChange = z.infer<typeof profileChangeSchema>;

export const profileWritingSchema = z.object({
  personId: personIdSchema,
  /** `make`: there is none yet; `replace`: what is left out is taken away; `amend`: preferences are changed by their fields. */
  how: z.enum(["make", "replace", "amend"]),
  change: profileChangeSchema,
  /** The version that was decided on. */
  version: z.number().int().positive().optional(),
});
export type ProfileWriting = z.infer<typeof profileWritingSchema>;

/** Something that was learnt of a person. */
export interface Fact {
  id: string;
  text: string;
  /** Where it was learnt; nulls where the person has corrected it. */
  source: { conversationId: string | null; messageId: string | null };
  /** From 0 to 1. */
  confidence: number;
  at: number;
  expiresAt: number | null;
}

/** What is kept of a person. */
export interface Profile {
  personId: string;
  pages: Page[];
  location: Location | null;
  preferences: Preferences;
  facts: Fact[];
  version: number;
  updatedAt: number;
}

/** What was learnt of a person in a conversation; the same id once more changes nothing. */
export const learntFactsSchema = z.object({
  personId: personIdSchema,
  facts: z
    .array(
      z.object({
        id: z.string().min(1).max(100),
        text: z.string().min(1).max(maxFactLength),
        conversationId: z.string().min(1).max(100),
        messageId: z.string().min(1).max(100),
        confidence: z.number().min(0).max(1),
      }),
    )
    .max(50),
});
export type LearntFacts = z.infer<typeof learntFactsSchema>;

/** What a prompt asks of a person. */
export const personQuerySchema = z.object({
  personId: personIdSchema,
  /** How much of it: `preferences` alone, or all. */
  how: z.enum(personalisations).exclude(["off"]),
  /** What the prompt is about. */
  text: z.string(),
});
export type PersonQuery = z.infer<typeof personQuerySchema>;

export const factCorrectionSchema = z.object({
  personId: personIdSchema,
  factId: z.string().min(1).max(100),
  /** What is true; null takes the fact away. */
  text: z.string().min(1).max(maxFactLength).nullable(),
});
export type FactCorrection = z.infer<typeof factCorrectionSchema>;

/** What is kept of persons. */
export interface ProfilesApi {
  profileOf(personId: string): Promise<Outcome<Profile>>;
  /** Refuses with `CONSENT_REQUIRED` what the person has not agreed to, with `PRECONDITION_FAILED` another version. */
  writeProfile(writing: ProfileWriting): Promise<Outcome<Profile>>;
  correctFact(correction: FactCorrection): Promise<Outcome<Profile>>;
  /** Keeps what was learnt, of who has agreed to it and of no kind that is not kept. */
  learnFacts(learnt: LearntFacts): Promise<{ kept: number }>;
  /** What a prompt is told of a person; null where that is nothing, also for who has not agreed. */
  describePerson(query: PersonQuery): Promise<string | null>;
  /** Removes everything that is known of a person, for good. A repeat changes nothing. */
  erasePerson(personId: string, version?: number): Promise<Outcome<{ erased: true }>>;
}
