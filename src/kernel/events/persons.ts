import { z } from "zod";
import { entry } from "./entry.ts";

const person = { user_id: z.string().describe("An account, or a visitor of a page") };

const about = { entity: "user", seenBy: "person", webhooks: false } as const;

/** Events of what a tenant knows of persons: they say that it has changed, and nothing of what it is. */
export const personEvents = {
  "profile.updated": entry({
    ...about,
    about: "What is known of a person has changed.",
    data: z.object({ ...person, version: z.number().int() }),
  }),
  "profile.erased": entry({
    ...about,
    about: "Everything that was known of a person is gone.",
    data: z.object(person),
  }),
  "consent.changed": entry({
    ...about,
    about: "A person has agreed to something, or does not any more.",
    data: z.object({
      ...person,
      personalisation: z.boolean(),
      history: z.boolean(),
      location: z.boolean(),
      insights: z.boolean(),
      analytics: z.boolean(),
    }),
  }),
};
