import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { ownPerson } from "../person.ts";
import { factParams } from "./schemas.ts";

export const deleteFact = talkOperation({
  name: "deleteFact",
  summary: "Have something forgotten that was learnt of oneself",
  input: z.object({ params: factParams }),
  output: z.object({}),
  refusals: ["INSUFFICIENT_PERMISSIONS", "NOT_FOUND"],
  run: async ({ objects }, actor, { params }) => {
    const personId = ownPerson(actor, params.user_id);
    const personalisation = await objects.personalisation(actor.clientId);
    valueOrThrow(await personalisation.correctFact({ personId, factId: params.fact_id, text: null }));
    return {};
  },
});
