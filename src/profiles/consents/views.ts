import type { z } from "@hono/zod-openapi";
import { isoTimeOrNull } from "#src/kernel/clock.ts";
import type { Consent, Consents } from "#src/objects/consents-api.ts";
import type { consentsSchema } from "./schemas.ts";

const consentView = ({ granted, at, textVersion, source }: Consent) => ({
  granted,
  at: isoTimeOrNull(at),
  text_version: textVersion,
  source,
});

/** What a person has agreed to, on the wire. */
export const consentsView = (consents: Consents): z.infer<typeof consentsSchema> => ({
  personalisation: consentView(consents.personalisation),
  history: consentView(consents.history),
  location: consentView(consents.location),
  insights: consentView(consents.insights),
  analytics: consentView(consents.analytics),
});
