import type { z } from "@hono/zod-openapi";
import { isoTime, isoTimeOrNull } from "#src/kernel/clock.ts";
import type { Profile } from "#src/objects/profiles-api.ts";
import { segmentsOf } from "#src/personalisation/index.ts";
import type { personProfileSchema } from "./schemas.ts";

/** What is kept of a person, on the wire. */
export const personProfileView = (profile: Profile): z.infer<typeof personProfileSchema> => ({
  user_id: profile.personId,
  browsing_history: profile.pages,
  location_data: profile.location,
  conversation_preferences: profile.preferences,
  facts: profile.facts.map(({ id, text, source, confidence, at, expiresAt }) => ({
    id,
    text,
    source: { conversation_id: source.conversationId, message_id: source.messageId },
    confidence,
    at: isoTime(at),
    expires_at: isoTimeOrNull(expiresAt),
  })),
  segments: segmentsOf(profile),
  version: profile.version,
  last_updated: isoTime(profile.updatedAt),
});
