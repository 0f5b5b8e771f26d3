import { z } from "@hono/zod-openapi";
import { columnsOf } from "#src/http/columns-of.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { instanceParams, visibleInstance } from "#src/personas/index.ts";
import type { Platform } from "#src/platform.ts";
import { mayBePublic, publicTier } from "#src/visitors/index.ts";
import { findChatInstance } from "../chat-instance-repository.ts";
import { putPersonaChat } from "./persona-chat-repository.ts";
import { resolveChatWorkflow } from "./resolve-chat-workflow.ts";
import { resolveTools } from "./resolve-tools.ts";
import { handoverOf, personaChatSchema, publishSchema } from "./schemas.ts";
import { personaChatView } from "./views.ts";

export const publishPersona = operation({
  name: "publishPersona",
  summary: "Say who may talk with a persona, and how",
  description:
    "Counts from the next message on. The fuel of answers is the owner's, whoever talks with it; of what it remembers " +
    "everybody is told what is `shared`, and what is their own. `public` is for owners of tier premium and higher, and needs " +
    "`daily_turns_per_person`.",
  input: z.object({ params: instanceParams, body: publishSchema }),
  output: personaChatSchema,
  refusals: ["NOT_FOUND", "INSUFFICIENT_PERMISSIONS"],
  run: async ({ db, clock }, actor, { params, body }) => {
    const instance = await visibleInstance(db, actor, params.instance_id);
    const now = clock.now();
    const { id: instanceId, clientId } = instance;
    if (body.audience === "public") await ownerMayPublish(db, instance);
    const { handover: said, ...rest } = body;
    const { problems } = await resolveTools(db, clientId, body.tools);
    const followed =
      body.chat_workflow === null ? undefined : await resolveChatWorkflow(db, clientId, body.chat_workflow);
    if (followed && !followed.ok) problems.push({ path: "chat_workflow", message: followed.problem });
    if (problems.length > 0) throw new AppError("VALIDATION_ERROR", { details: { fields: problems } });
    const { enabled: handover, triggers: handoverTriggers } = handoverOf(said);
    const fields = { ...columnsOf(rest), handover, handoverTriggers };
    const row = { instanceId, clientId, ...fields, createdAt: now, updatedAt: now };
    if (!(await putPersonaChat(db, row))) throw new AppError("NOT_FOUND");
    return personaChatView(row);
  },
});

/** @throws AppError `INSUFFICIENT_PERMISSIONS` where the tier of a persona's owner is too low for visitors */
async function ownerMayPublish(
  db: Platform["db"],
  { id, clientId }: { id: string; clientId: string },
): Promise<void> {
  const instance = await findChatInstance(db, clientId, id);
  if (!instance) throw new AppError("NOT_FOUND");
  if (!mayBePublic(instance.ownerTier))
    throw new AppError("INSUFFICIENT_PERMISSIONS", { details: { required_tier: publicTier } });
}
