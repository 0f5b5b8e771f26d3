import { z } from "@hono/zod-openapi";
import { pageFields } from "#src/http/page.ts";
import { messageRoles } from "#src/kernel/chat-words.ts";
import { conversationSchema } from "./schemas.ts";

const listed = conversationSchema
  .omit({ metadata: true, holder_epoch: true, active_leaf: true, satisfaction: true })
  .extend({ last_message: z.object({ role: z.enum(messageRoles), preview: z.string() }).nullable() });

const unread = "Messages of others that its owner has not read, of the 1 000 behind what they have read";

export const listedConversationSchema = listed
  .extend({
    unread: z
      .number()
      .int()
      .openapi({ description: `${unread}; 0 while they have muted it` }),
    muted: z.boolean().openapi({ description: "Whether its owner has muted it" }),
  })
  .openapi("ListedConversation");

/** As the staff sees it in lists; its owner is not told of marks. */
export const tenantListedConversationSchema = listed
  .extend({
    unread: z.number().int().openapi({ description: unread }),
    flagged: z.number().int().openapi({
      description: "Messages that a rule has marked and nobody of the staff has decided on",
    }),
  })
  .openapi("TenantListedConversation");

export const conversationListSchema = z
  .object({ conversations: z.array(listedConversationSchema), ...pageFields })
  .openapi("ConversationList");
