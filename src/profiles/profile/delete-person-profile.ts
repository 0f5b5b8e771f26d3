import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { settleAnalytics } from "../consents/settle-analytics.ts";
import { ownPerson, personParams } from "../person.ts";

const ifMatch = z
  .string()
  .regex(/^(\*|"[1-9]\d{0,14}")$/, "A version in quotation marks, or *")
  .optional()
  .openapi({ description: "The version that was decided on; refused where it is another", example: '"3"' });

export const deletePersonProfile = talkOperation({
  name: "deletePersonProfile",
  summary: "Have everything forgotten that is known of oneself",
  description:
    "The profile, facts, context, interactions and consents: from then on one has agreed to nothing. Where nothing is " +
    "known, nothing happens.",
  input: z.object({ params: personParams, headers: z.object({ "if-match": ifMatch }) }),
  output: z.object({}),
  refusals: ["INSUFFICIENT_PERMISSIONS", "PRECONDITION_FAILED"],
  run: async ({ db, objects }, actor, { params, headers: { "if-match": match = "*" } }) => {
    const personId = ownPerson(actor, params.user_id);
    const version = match === "*" ? undefined : Number(match.replaceAll('"', ""));
    const personalisation = await objects.personalisation(actor.clientId);
    valueOrThrow(await personalisation.erasePerson(personId, version));
    await settleAnalytics(db, personalisation, { clientId: actor.clientId, id: personId });
    return {};
  },
});
