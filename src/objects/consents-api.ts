import { z } from "zod";
import { type Purpose, purposes } from "#src/kernel/personalisation-words.ts";
import { personIdSchema } from "./person-id.ts";

/** What a person has said to a purpose; nulls where they have said nothing, which is no. */
export interface Consent {
  granted: boolean;
  /** Epoch milliseconds. */
  at: number | null;
  /** Which text they were shown. */
  textVersion: string | null;
  /** Where they have said it. */
  source: string | null;
}

export type Consents = Record<Purpose, Consent>;

/** A change as the log of them keeps it. */
export interface ConsentChange {
  purpose: Purpose;
  granted: boolean;
  at: number;
  textVersion: string | null;
  source: string;
}

export const consentRequestSchema = z.object({
  personId: personIdSchema,
  /** What is said of which purposes; the others stay as they are. */
  said: z.partialRecord(z.enum(purposes), z.boolean()),
  textVersion: z.string().max(50).nullable(),
  source: z.string().min(1).max(50),
});
export type ConsentRequest = z.infer<typeof consentRequestSchema>;

/** What persons have agreed to. */
export interface ConsentsApi {
  consentsOf(personId: string): Promise<Consents>;
  /** Writes what a person says; what was kept under a purpose that they say no to is gone with it. */
  changeConsents(request: ConsentRequest): Promise<Consents>;
}
