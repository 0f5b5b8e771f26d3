import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { ownPerson } from "../person.ts";
import { contextTimes, createContextEventSchema, notedContextSchema } from "./schemas.ts";

export const createContextEvent = operation({
  name: "createContextEvent",
  summary: "Tell what one has said, for personas and recommendations to know",
  description: "Kept with the purpose `personalisation` alone; the newest 200, for 400 days.",
  input: z.object({ body: createContextEventSchema }),
  output: notedContextSchema,
  refusals: ["INSUFFICIENT_PERMISSIONS"],
  run: async ({ objects, clock }, actor, { body }) => {
    const personId = ownPerson(actor, body.user_id);
    const now = clock.now();
    const at = Date.parse(body.timestamp);
    if (at > now + contextTimes.aheadMs || at < now - contextTimes.behindMs)
      throw new AppError("VALIDATION_ERROR", {
        details: { fields: [{ path: "timestamp", message: "Not of these 400 days" }] },
      });
    const { id = uuidv7({ msecs: now }), conversation_id = null, message_content: content } = body;
    const event = { personId, id, conversationId: conversation_id, content, at };
    return { id, ...(await (await objects.personalisation(actor.clientId)).noteContext(event)) };
  },
});
