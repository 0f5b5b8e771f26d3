import { z } from "@hono/zod-openapi";
import { talkOperation } from "#src/operation/operation.ts";
import { ownPerson, personParams } from "../person.ts";
import { patchPersonProfileSchema, personProfileSchema } from "./schemas.ts";
import { writeProfile } from "./write-profile.ts";

export const patchPersonProfile = talkOperation({
  name: "patchPersonProfile",
  summary: "Change parts of one's profile",
  description: "What is left out stays as it is; of preferences each field by itself.",
  input: z.object({ params: personParams, body: patchPersonProfileSchema }),
  output: personProfileSchema,
  refusals: ["INSUFFICIENT_PERMISSIONS", "NOT_FOUND", "CONSENT_REQUIRED", "PRECONDITION_FAILED"],
  run: (platform, actor, { params, body }) =>
    writeProfile(platform, actor, { personId: ownPerson(actor, params.user_id), how: "amend" }, body),
});
