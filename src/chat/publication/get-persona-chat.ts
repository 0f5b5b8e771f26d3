import { z } from "@hono/zod-openapi";
import { wireRow } from "#src/http/wire-row.ts";
import { operation } from "#src/operation/operation.ts";
import { instanceParams, visibleInstance } from "#src/personas/index.ts";
import { findPersonaChat } from "./persona-chat-repository.ts";
import { personaChatSchema, publishSchema } from "./schemas.ts";

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
    return row ? wireRow(personaChatSchema, row) : publishSchema.parse({ enabled: false, audience: "owner" });
  },
});
