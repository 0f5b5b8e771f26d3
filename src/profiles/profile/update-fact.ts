import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { ownPerson } from "../person.ts";
import { factParams, personProfileSchema, updateFactSchema } from "./schemas.ts";
import { personProfileView } from "./views.ts";

export const updateFact = talkOperation({
  name: "updateFact",
  summary: "Correct what was learnt of oneself",
  input: z.object({ params: factParams, body: updateFactSchema }),
  output: personProfileSchema,
  refusals: ["INSUFFICIENT_PERMISSIONS", "NOT_FOUND"],
  run: async ({ objects }, actor, { params, body: { text } }) => {
    const personId = ownPerson(actor, params.user_id);
    const personalisation = await objects.personalisation(actor.clientId);
    const corrected = await personalisation.correctFact({ personId, factId: params.fact_id, text });
    return personProfileView(valueOrThrow(corrected));
  },
});
