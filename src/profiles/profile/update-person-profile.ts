import { z } from "@hono/zod-openapi";
import { talkOperation } from "#src/operation/operation.ts";
import { ownPerson, personParams } from "../person.ts";
import { personProfileSchema, updatePersonProfileSchema } from "./schemas.ts";
import { writeProfile } from "./write-profile.ts";

export const updatePersonProfile = talkOperation({
  name: "updatePersonProfile",
  summary: "Replace one's profile",
  description: "What is left out is taken away. Facts stay: each has an address of its own.",
  input: z.object({ params: personParams, body: updatePersonProfileSchema }),
  output: personProfileSchema,
  refusals: ["INSUFFICIENT_PERMISSIONS", "NOT_FOUND", "CONSENT_REQUIRED", "PRECONDITION_FAILED"],
  run: (platform, actor, { params, body }) =>
    writeProfile(platform, actor, { personId: ownPerson(actor, params.user_id), how: "replace" }, body),
});
