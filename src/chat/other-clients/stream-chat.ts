import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { taken, verdictOn } from "#src/moderation/index.ts";
import { operation } from "#src/operation/operation.ts";
import { allowanceOf, allowed } from "../allowance.ts";
import { chatPersona } from "../chat-persona.ts";
import { originOf } from "../origin-of.ts";
import { ownConversation } from "../own-conversation.ts";
import { lastMessage, postedChatSchema } from "./posted-chat.ts";
import { type UiFrame, uiAnswer } from "./ui-answer.ts";

export const streamChat = operation({
  name: "streamChat",
  summary: "Write a message and read its answer, as the AI SDK does it (UI message stream)",
  description:
    "For `useChat` and `DefaultChatTransport`: the chat's `id` is a conversation of one's own. Only the last message of the " +
    "list is taken, under its id: sent again it is the same message, and its answer is told again. History is the " +
    "conversation's.",
  input: z.object({ body: postedChatSchema }),
  output: z.custom<AsyncGenerator<UiFrame>>(),
  refusals: [
    "NOT_FOUND",
    "BANNED",
    "CONFLICT",
    "PERSONA_DISABLED",
    "TURN_RUNNING",
    "CONVERSATION_FULL",
    "MESSAGE_REFUSED",
    "RATE_LIMITED",
    "CONVERSATION_ARCHIVED",
  ],
  // The message's own id makes it one, and its answer can be told more than once.
  runOnce: async (platform, actor, { body }) => {
    const { conversation, view, person } = await ownConversation(platform, actor, body.id);
    const { persona, dailyTurns } = await chatPersona(platform, person, view.instanceId);
    const answer = { ...view, dailyTurns };
    const awaited = { conversation, person, platform };
    if (body.trigger === "regenerate-message") {
      const { spentFor } = await allowed(platform, person, answer);
      const turn = valueOrThrow(spentFor(await conversation.regenerate(body.messageId ?? "", persona)));
      const { turn: running, logged } = valueOrThrow(await conversation.standing());
      const of = { messageId: turn.messageId, isRunning: running?.id === turn.id, since: logged };
      return { output: uiAnswer({ ...awaited, ...of }), replayed: false };
    }
    const message = lastMessage(body);
    if (!message)
      throw new AppError("VALIDATION_ERROR", {
        message: "The last message has to be text of a person's, at most 32 KiB of it",
      });
    const verdict = await verdictOn(platform, actor, message.content);
    const { notNow, spentFor } = await allowanceOf(platform, person, answer);
    const sent = await conversation.send({
      sender: { id: person.id, as: "owner" },
      clientMessageId: message.id,
      content: message.content,
      wantsReply: true,
      persona,
      origin: originOf(actor),
      verdict,
      notNow,
    });
    const { turn, logged } = await taken(platform, actor, verdict, spentFor(sent));
    const of = { messageId: turn?.messageId, isRunning: turn?.status === "running", since: logged };
    return { output: uiAnswer({ ...awaited, ...of }), replayed: false };
  },
});
