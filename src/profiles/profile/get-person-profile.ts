import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { personParams, readablePerson } from "../person.ts";
import { personProfileSchema } from "./schemas.ts";
import { personProfileView } from "./views.ts";

export const getPersonProfile = talkOperation({
  name: "getPersonProfile",
  summary: "What is kept of oneself; for staff, of somebody of their tenant",
  description: "That staff has opened a profile stands in the audit log.",
  input: z.object({ params: personParams }),
  output: personProfileSchema,
  refusals: ["INSUFFICIENT_PERMISSIONS", "NOT_FOUND"],
  run: async (platform, actor, { params }) => {
    const personId = await readablePerson(platform, actor, params.user_id);
    const personalisation = await platform.objects.personalisation(actor.clientId);
    return personProfileView(valueOrThrow(await personalisation.profileOf(personId)));
  },
});
