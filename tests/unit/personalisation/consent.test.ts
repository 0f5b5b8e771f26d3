import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Purpose, purposes } from "#src/kernel/personalisation-words.ts";
import type { Consents } from "#src/objects/consents-api.ts";
import { consentChanges, consentsFrom } from "#src/personalisation/consent.ts";

const saidSchema = fc.dictionary(fc.constantFrom(...purposes), fc.boolean(), { noNullPrototype: true });
const request = (said: Partial<Record<Purpose, boolean>>, textVersion: string | null = null) => ({
  said,
  textVersion,
  source: "settings",
});

/** What holds after some changes. */
const changedBy = (before: Consents, changes: ReturnType<typeof consentChanges>): Consents => ({
  ...before,
  ...Object.fromEntries(changes.map(({ purpose, ...consent }) => [purpose, consent])),
});

describe("What a person has agreed to", () => {
  it("is nothing, until they say something", () => {
    expect(Object.keys(consentsFrom({}))).toEqual([...purposes]);
    for (const consent of Object.values(consentsFrom({})))
      expect(consent).toEqual({ granted: false, at: null, textVersion: null, source: null });
  });

  it("is what they have said last of each purpose, whatever they have said before", () => {
    fc.assert(
      fc.property(fc.array(saidSchema), (sayings) => {
        let consents = consentsFrom({});
        for (const [at, said] of sayings.entries())
          consents = changedBy(consents, consentChanges(consents, request(said), at));
        for (const purpose of purposes) {
          const last = sayings.findLast((said) => said[purpose] !== undefined)?.[purpose];
          expect(consents[purpose].granted).toBe(last ?? false);
        }
      }),
    );
  });

  it("changes by nothing that they have said already, but by another text that they were shown", () => {
    const first = consentChanges(consentsFrom({}), request({ history: true }, "1"), 1);
    const consents = changedBy(consentsFrom({}), first);
    expect(consentChanges(consents, request({ history: true }, "1"), 2)).toEqual([]);
    expect(consentChanges(consents, request({ history: true }, "2"), 2)).toEqual([
      { purpose: "history", granted: true, at: 2, textVersion: "2", source: "settings" },
    ]);
    expect(consentChanges(consents, request({ location: false }), 2)).toMatchObject([{ granted: false }]);
  });
});
