import { z } from "@hono/zod-openapi";
import { followAnalyticsConsent } from "#src/analytics/index.ts";
import { sessionOperation } from "#src/operation/operation.ts";
import { consentsSchema, updateConsentsSchema } from "./schemas.ts";
import { consentsView } from "./views.ts";

export const updateConsents = sessionOperation({
  name: "updateConsents",
  summary: "Agree to something, or not any more",
  description:
    "What is left out stays as it is. What was kept under a purpose that is said no to is gone with the answer.",
  input: z.object({ body: updateConsentsSchema }),
  output: consentsSchema,
  run: async ({ db, objects }, { clientId, userId: personId }, { body }) => {
    const { text_version: textVersion, source, ...said } = body;
    const follow = (granted: boolean) => followAnalyticsConsent(db, { clientId, person: personId }, granted);
    // First of all: whatever fails after it, nobody is counted who has said no.
    if (said.analytics === false) await follow(false);
    const personalisation = await objects.personalisation(clientId);
    const consents = await personalisation.changeConsents({ personId, said, textVersion, source });
    if (said.analytics === true) await follow(consents.analytics.granted);
    return consentsView(consents);
  },
});
