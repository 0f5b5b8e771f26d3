import { z } from "@hono/zod-openapi";
import { followAnalyticsConsent } from "#src/analytics/index.ts";
import { personOf } from "#src/kernel/actor.ts";
import { presentTalkOperation } from "#src/operation/operation.ts";
import { optedOut } from "#src/personalisation/index.ts";
import { consentsSchema, updateConsentsSchema } from "./schemas.ts";
import { settleAnalytics } from "./settle-analytics.ts";
import { consentsView } from "./views.ts";

export const updateConsents = presentTalkOperation({
  name: "updateConsents",
  summary: "Agree to something, or not any more",
  description:
    "What is left out stays as it is. What was kept under a purpose that is said no to is gone with the answer. Of a visitor " +
    "whose browser says `Sec-GPC: 1` or `DNT: 1`, `history` and `location` are no, whatever is said.",
  input: z.object({ body: updateConsentsSchema }),
  output: consentsSchema,
  run: async ({ db, objects }, actor, { body }) => {
    const { clientId, id: personId, kind } = personOf(actor);
    const { text_version: textVersion, source, ...given } = body;
    const said = kind === "visitor" && actor.device.optsOut ? { ...given, ...optedOut } : given;
    // First of all: whatever fails after it, nobody is counted who has said no.
    if (said.analytics === false) await followAnalyticsConsent(db, { clientId, person: personId }, false);
    const personalisation = await objects.personalisation(clientId);
    const consents = await personalisation.changeConsents({ personId, said, textVersion, source });
    if (said.analytics !== undefined) await settleAnalytics(db, personalisation, { clientId, id: personId });
    return consentsView(consents);
  },
});
