import { z } from "@hono/zod-openapi";
import { talkOperation } from "#src/operation/operation.ts";
import { ownPerson } from "../person.ts";
import { createPersonProfileSchema, personProfileSchema } from "./schemas.ts";
import { writeProfile } from "./write-profile.ts";

export const createPersonProfile = talkOperation({
  name: "createPersonProfile",
  summary: "Have a profile",
  description: "Each part needs the purpose that it is kept under, but for how one likes to be talked with.",
  input: z.object({ body: createPersonProfileSchema }),
  output: personProfileSchema,
  refusals: ["INSUFFICIENT_PERMISSIONS", "CONFLICT", "CONSENT_REQUIRED"],
  run: (platform, actor, { body }) =>
    writeProfile(platform, actor, { personId: ownPerson(actor, body.user_id), how: "make" }, body),
});
