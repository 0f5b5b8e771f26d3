import { z } from "@hono/zod-openapi";
import { requireNotBanned } from "#src/moderation/index.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { conversationFrames, type FollowedFrame, resumeHeaders, resumeQuery } from "./follow-conversation.ts";
import { ownConversation } from "./own-conversation.ts";
import { conversationParams } from "./schemas.ts";

export const streamConversation = talkOperation({
  name: "streamConversation",
  summary: "What happens in a conversation, as it happens (server-sent events)",
  description:
    "Ids are numbers of the conversation's log: `Last-Event-ID`, or `since`, resumes after one, with `history.gap` first " +
    "where what lies between is not kept any more; then its messages say what has become of it. Without either it begins " +
    "with what comes. An answer comes as it is written, in events without an id: a `message.snapshot`, then " +
    "`message.delta`s, each with the place of its text in UTF-16 units. A comment every 15 s keeps the connection.",
  input: z.object({
    params: conversationParams,
    query: resumeQuery,
    headers: resumeHeaders,
  }),
  output: z.custom<AsyncGenerator<FollowedFrame>>(),
  refusals: ["NOT_FOUND", "BANNED", "RATE_LIMITED"],
  run: async (platform, actor, { params, query, headers }) => {
    const { conversation, person } = await ownConversation(platform, actor, params.conversation_id);
    await requireNotBanned(platform, person);
    return conversationFrames(platform, conversation, person, headers["last-event-id"] ?? query.since);
  },
});
