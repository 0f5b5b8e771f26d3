import { z } from "@hono/zod-openapi";
import { personOf } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { isoTime, isoTimeOrNull } from "#src/kernel/clock.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { personParams, readablePerson } from "../person.ts";
import { personContextSchema } from "./schemas.ts";

export const getPersonContext = talkOperation({
  name: "getPersonContext",
  summary: "What one has said lately and cares for; for staff, of somebody of their tenant",
  input: z.object({ params: personParams }),
  output: personContextSchema,
  refusals: ["INSUFFICIENT_PERMISSIONS", "NOT_FOUND"],
  run: async (platform, actor, { params }) => {
    const personId = await readablePerson(platform, actor, params.user_id);
    const personalisation = await platform.objects.personalisation(actor.clientId);
    const { recent, interests, summary, updatedAt } = await personalisation.contextOf(personId);
    const isKnown = recent.length > 0 || interests.length > 0;
    if (personId !== personOf(actor).id && !isKnown) throw new AppError("NOT_FOUND");
    return {
      user_id: personId,
      recent: recent.map(({ id, conversationId, content, at }) => ({
        id,
        conversation_id: conversationId,
        message_content: content,
        timestamp: isoTime(at),
      })),
      interests,
      summary,
      updated_at: isoTimeOrNull(updatedAt),
    };
  },
});
