import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { isRefused } from "#src/conversations/index.ts";
import { isWidgetVisitor, personOf } from "#src/kernel/actor.ts";
import { refusal, valueOrThrow } from "#src/kernel/outcome.ts";
import { taken, verdictOn } from "#src/moderation/index.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { allowed } from "./allowance.ts";
import { beginningAllowed } from "./beginning-allowed.ts";
import { chatPersona, noSuchPersona } from "./chat-persona.ts";
import { originOf } from "./origin-of.ts";
import { requireOwnProject } from "./require-own-project.ts";
import { newConversationSchema, startedConversationSchema } from "./schemas.ts";
import { conversationView, sentView } from "./views.ts";

export const createConversation = talkOperation({
  name: "createConversation",
  summary: "Begin a conversation with a persona",
  description:
    "With a persona of one's own, or one that is published for the tenant (`PUT /personas/instances/{instance_id}/chat`). " +
    "With `message`, the persona begins to answer at once.",
  input: z.object({ body: newConversationSchema }),
  output: startedConversationSchema,
  refusals: ["NOT_FOUND", "BANNED", "PERSONA_DISABLED", "QUOTA_EXCEEDED", "MESSAGE_REFUSED", "RATE_LIMITED"],
  run: async (platform, actor, { body }) => {
    const { objects, clock } = platform;
    const {
      instance_id: instanceId,
      project_id: projectId = null,
      title = null,
      metadata = {},
      message,
    } = body;
    const person = personOf(actor);
    if (isWidgetVisitor(actor) && actor.visit.instanceId !== instanceId) throw noSuchPersona();
    const { persona, greeting, dailyTurns } = await chatPersona(platform, person, instanceId);
    if (projectId !== null) await requireOwnProject(platform, person, projectId);
    const verdict = message === undefined ? undefined : await verdictOn(platform, actor, message);
    const now = clock.now();
    await beginningAllowed(platform, person);
    // Before it is begun: of what is refused nothing is left.
    if (isRefused(verdict)) await taken(platform, actor, verdict, refusal("MESSAGE_REFUSED"));
    if (message !== undefined) await allowed(platform, person, { instanceId, holder: "persona", dailyTurns });
    const owner = { id: person.id, kind: person.kind };
    const origin = originOf(actor);
    const conversation = await objects.conversation(actor.clientId, uuidv7({ msecs: now }));
    const begun = valueOrThrow(
      await conversation.begin({ owner, instanceId, projectId, title, metadata, persona, greeting, origin }),
    );
    if (message === undefined) return { conversation: conversationView(begun), message: null, turn: null };
    const sent = await conversation.send({
      sender: { id: person.id, as: "owner" },
      clientMessageId: "first",
      content: message,
      wantsReply: true,
      origin,
      verdict,
    });
    const said = sentView(valueOrThrow(sent));
    const view = valueOrThrow(await conversation.view());
    return { conversation: conversationView(view), message: said.message, turn: said.turn };
  },
});
