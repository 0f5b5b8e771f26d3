import { z } from "@hono/zod-openapi";
import { columnsOf } from "#src/http/columns-of.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { instanceParams, visibleInstance } from "#src/personas/index.ts";
import { putPersonaChat } from "./persona-chat-repository.ts";
import { personaChatSchema, publishSchema } from "./schemas.ts";

export const publishPersona = operation({
  name: "publishPersona",
  summary: "Say who may talk with a persona, and how",
  description:
    "Counts from the next message on. The fuel of answers is the owner's, whoever talks with it; what it remembers of " +
    "its executions is told to nobody.",
  input: z.object({ params: instanceParams, body: publishSchema }),
  output: personaChatSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db, clock }, actor, { params, body }) => {
    const instance = await visibleInstance(db, actor, params.instance_id);
    const now = clock.now();
    const { id: instanceId, clientId } = instance;
    const row = { instanceId, clientId, ...columnsOf(body), createdAt: now, updatedAt: now };
    if (!(await putPersonaChat(db, row))) throw new AppError("NOT_FOUND");
    return wireRow(personaChatSchema, row);
  },
});
