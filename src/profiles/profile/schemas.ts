import { z } from "@hono/zod-openapi";
import { oneself } from "#src/kernel/actor.ts";
import {
  locationSchema,
  maxFactLength,
  maxPages,
  pageSchema,
  preferencesChangeSchema,
  preferencesSchema,
} from "#src/objects/profile-parts.ts";
import { haveRoom } from "#src/personalisation/index.ts";
import { personIdSchema, personParams } from "../person.ts";

const factSchema = z
  .object({
    id: z.string(),
    text: z.string(),
    source: z
      .object({ conversation_id: z.string().nullable(), message_id: z.string().nullable() })
      .openapi({ description: "Where it was learnt; nulls where the person has corrected it" }),
    confidence: z.number().openapi({ description: "From 0 to 1" }),
    at: z.iso.datetime().openapi({ description: "When it was learnt" }),
    expires_at: z.iso.datetime().nullable(),
  })
  .openapi("Fact");

const history = "What was looked at, the newest first";
const liking = "How the person likes to be talked with; other fields are kept as they are, 4 KiB in all";
const place = "Where the person is, as far as they agree to its being kept";

export const personProfileSchema = z
  .object({
    user_id: z.string(),
    browsing_history: z.array(pageSchema).openapi({ description: history }),
    location_data: z.union([locationSchema, z.null()]).openapi({ description: place }),
    conversation_preferences: preferencesSchema.openapi({ description: liking }),
    facts: z.array(factSchema).openapi({ description: "What was learnt of the person, the newest first" }),
    segments: z.array(z.string()).openapi({ description: "Groups that the profile makes the person one of" }),
    version: z.number().int(),
    last_updated: z.iso.datetime().openapi({ description: "When it changed last" }),
  })
  .openapi("PersonProfile", {
    example: {
      user_id: "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c",
      browsing_history: [
        { url: "https://shop.example/tea?q=green", action: "view", at: "2026-11-28T10:00:00Z" },
      ],
      location_data: { country: "AT", time_zone: "Europe/Vienna", source: "declared" },
      conversation_preferences: { language: "en", topics: ["tea"] },
      facts: [],
      segments: ["country:AT", "language:en", "topic:tea"],
      version: 3,
      last_updated: "2026-11-28T10:00:00Z",
    },
  });

const pages = z
  .array(pageSchema)
  .max(1000)
  .openapi({ description: `${history}; of more than ${maxPages} the newest are kept` });
const location = z.union([locationSchema, z.null()]).openapi({ description: place });
const preferences = preferencesSchema.refine(haveRoom, "At most 4 KiB").openapi({ description: liking });
const lastUpdated = z
  .string()
  .max(100)
  .optional()
  .openapi({ description: "Not read: when a profile changed is for the server to say" });
const version = z
  .number()
  .int()
  .min(1)
  .optional()
  .openapi({ description: "The version that was decided on; refused where it is another" });

const whole = {
  browsing_history: pages.default([]),
  location_data: location.default(null),
  conversation_preferences: preferences.default({}),
  last_updated: lastUpdated,
};

const example = {
  conversation_preferences: { language: "en", verbosity: "short" as const, topics: ["tea"] },
};

export const createPersonProfileSchema = z
  .strictObject({ user_id: personIdSchema.default(oneself), ...whole })
  .openapi("CreatePersonProfile", { example: { user_id: "me", ...example } });

export const updatePersonProfileSchema = z
  .strictObject({ user_id: personIdSchema.optional(), ...whole, version })
  .openapi("UpdatePersonProfile", { example });

export const patchPersonProfileSchema = z
  .strictObject({
    user_id: personIdSchema.optional(),
    browsing_history: pages.optional(),
    location_data: location.optional(),
    conversation_preferences: preferencesChangeSchema
      .refine(haveRoom, "At most 4 KiB")
      .optional()
      .openapi({ description: "Fields to change; null takes one away" }),
    last_updated: lastUpdated,
    version,
  })
  .openapi("PatchPersonProfile", { example });

export const factParams = personParams.extend({
  fact_id: z
    .string()
    .regex(/^[\w.-]{1,100}$/, "An id")
    .openapi({ description: "Something that was learnt" }),
});

export const updateFactSchema = z
  .strictObject({ text: z.string().trim().min(1).max(maxFactLength) })
  .openapi("UpdateFact", { example: { text: "Likes green tea" } });
