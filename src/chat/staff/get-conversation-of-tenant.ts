import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { conversationSchema, messageSchema, turnSchema } from "../schemas.ts";
import { conversationView, messageView, turnView } from "../views.ts";
import { staffConversation, staffInput } from "./staff-conversation.ts";

export const getConversationOfTenant = operation({
  name: "getConversationOfTenant",
  summary: "A conversation as the staff sees it, with its newest messages and turns",
  input: z.object(staffInput),
  output: z
    .object({
      conversation: conversationSchema,
      messages: z.array(messageSchema).openapi({ description: "The newest 50, the oldest of them first" }),
      turns: z.array(turnSchema).openapi({ description: "The last ten, the latest first" }),
    })
    .openapi("TenantConversation"),
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, input) => {
    const { conversation, view } = await staffConversation(platform, actor, input);
    const [page, turns] = await Promise.all([
      conversation.listMessages({ limit: 50, branch: "active" }),
      conversation.listTurns(10),
    ]);
    return {
      conversation: conversationView(view),
      messages: valueOrThrow(page).messages.map(messageView),
      turns: valueOrThrow(turns).map(turnView),
    };
  },
});
