import { z } from "zod";
import { maxMessageBytes } from "#src/objects/conversation-api.ts";

/** The sender's own word for a message. */
export const clientMessageIdPattern = /^[\x21-\x7e]{1,64}$/;

/** Something that people can see, in whatever script. */
const visible = /[^\s\p{C}]/u;
const encoder = new TextEncoder();

/** Whether a text says anything. */
export const saysSomething = (text: string): boolean => visible.test(text);

/** Whether a message has room for a text. */
export const fitsMessage = (text: string): boolean =>
  text.length <= maxMessageBytes && encoder.encode(text).length <= maxMessageBytes;

/**
 * A message of words alone at the end of the path, as most are. Whatever else somebody sends may be one as well: that the
 * operation reads, and it says what is wrong with it.
 */
export const plainMessageSchema = z
  .strictObject({
    client_message_id: z.string().regex(clientMessageIdPattern),
    content: z.string().refine((text) => saysSomething(text) && fitsMessage(text)),
    reply: z.boolean().default(true),
  })
  .transform(({ client_message_id, content, reply }) => ({
    clientMessageId: client_message_id,
    content,
    wantsReply: reply,
  }));
export type PlainMessage = z.output<typeof plainMessageSchema>;
