import { purposes } from "#src/kernel/personalisation-words.ts";
import type { Consent, ConsentChange, ConsentRequest, Consents } from "#src/objects/consents-api.ts";

const unsaid: Consent = { granted: false, at: null, textVersion: null, source: null };

/** What a person has agreed to, from what they have said last of each purpose: nothing said is no. */
export const consentsFrom = (said: Partial<Consents>): Consents => ({
  personalisation: said.personalisation ?? unsaid,
  history: said.history ?? unsaid,
  location: said.location ?? unsaid,
  insights: said.insights ?? unsaid,
  analytics: said.analytics ?? unsaid,
});

/** What a visitor says whose browser asks not to be followed: what it says counts more than a click on a page. */
export const optedOut = { history: false, location: false } as const;

/** What changes by what a person says: of what they have said already, nothing. */
export const consentChanges = (
  before: Consents,
  { said, textVersion, source }: Omit<ConsentRequest, "personId">,
  at: number,
): ConsentChange[] =>
  purposes.flatMap((purpose) => {
    const granted = said[purpose];
    const known = before[purpose];
    const isNews =
      granted !== undefined &&
      (known.at === null || granted !== known.granted || textVersion !== known.textVersion);
    return isNews ? [{ purpose, granted, at, textVersion, source }] : [];
  });
