import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { ownConversation } from "./own-conversation.ts";
import { heldReceiptSchema, receiptSchema } from "./receipt-schemas.ts";
import { conversationParams } from "./schemas.ts";

export const putReceipts = talkOperation({
  name: "putReceipts",
  summary: "Say how far one has got, which only ever grows, and whether one mutes the conversation",
  input: z.object({ params: conversationParams, body: receiptSchema }),
  output: heldReceiptSchema,
  refusals: ["NOT_FOUND", "CONVERSATION_ARCHIVED"],
  run: async (platform, actor, { params, body }) => {
    const { conversation, person } = await ownConversation(platform, actor, params.conversation_id);
    const said = {
      personId: person.id,
      delivered: body.delivered_seq,
      read: body.read_seq,
      muted: body.muted,
    };
    const { delivered, read, unread, muted } = valueOrThrow(await conversation.receipt(said));
    return { delivered_seq: delivered, read_seq: read, unread, muted };
  },
});
