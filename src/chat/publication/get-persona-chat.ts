import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { instanceParams, visibleInstance } from "#src/personas/index.ts";
import { findPersonaChat } from "./persona-chat-repository.ts";
import { handoverOf, personaChatSchema, publishSchema } from "./schemas.ts";
import { personaChatView } from "./views.ts";

export const getPersonaChat = operation({
  name: "getPersonaChat",
  summary: "How a persona is talked with",
  description: "One that was never published talks with its owner alone.",
  input: z.object({ params: instanceParams }),
  output: personaChatSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db }, actor, { params }) => {
    const instance = await visibleInstance(db, actor, params.instance_id);
    const row = await findPersonaChat(db, instance.id);
    if (row) return personaChatView(row);
    const { handover, ...unpublished } = publishSchema.parse({ enabled: false, audience: "owner" });
    return { ...unpublished, handover: handoverOf(handover) };
  },
});
