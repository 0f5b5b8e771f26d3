import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import {
  conversationFrames,
  type FollowedFrame,
  resumeHeaders,
  resumeQuery,
} from "../follow-conversation.ts";
import { staffConversation, staffInput } from "./staff-conversation.ts";

export const streamConversationOfTenant = operation({
  name: "streamConversationOfTenant",
  summary: "What happens in a conversation, as it happens, for the staff (server-sent events)",
  description:
    "As its owner hears it at `/conversations/{conversation_id}/events`, and notes of the staff besides, as " +
    "`message.created` without an id: whoever comes back may be told of one again.",
  input: z.object({
    ...staffInput,
    query: staffInput.query.extend(resumeQuery.shape),
    headers: resumeHeaders,
  }),
  output: z.custom<AsyncGenerator<FollowedFrame>>(),
  refusals: ["NOT_FOUND", "RATE_LIMITED"],
  run: async (platform, actor, input) => {
    const { conversation } = await staffConversation(platform, actor, input);
    const since = input.headers["last-event-id"] ?? input.query.since;
    return conversationFrames(
      platform,
      conversation,
      { clientId: actor.clientId, id: actor.userId, kind: "user" },
      since,
      "staff",
    );
  },
});
