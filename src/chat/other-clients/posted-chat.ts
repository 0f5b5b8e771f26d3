import { z } from "@hono/zod-openapi";
import { contentSchema, newMessageSchema } from "../schemas.ts";

const textPart = z.looseObject({ type: z.literal("text"), text: z.string() });

/** What the AI SDK posts: the whole list, of which the last message alone is taken. What else it says is nobody's business. */
export const postedChatSchema = z
  .looseObject({
    id: z
      .uuid("The id of a conversation, as `POST /conversations` gives it: hand it to `useChat` as `id`")
      .openapi({ description: "The conversation" }),
    messages: z
      .array(
        z.looseObject({
          id: newMessageSchema.shape.client_message_id,
          role: z.string(),
          parts: z.array(z.looseObject({ type: z.string() })),
        }),
      )
      .min(1)
      .max(10_000)
      .openapi({ description: "The last of them, of role `user`, is written under its id" }),
    trigger: z.enum(["submit-message", "regenerate-message"]).default("submit-message").openapi({
      description: "`regenerate-message`: the answer `messageId` is written anew",
    }),
    messageId: z.string().max(100).optional().openapi({ description: "The answer that is written anew" }),
  })
  .openapi("PostedChat", {
    example: {
      id: "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2f",
      trigger: "submit-message",
      messages: [{ id: "m-1", role: "user", parts: [{ type: "text", text: "Which tea keeps me awake?" }] }],
    },
  });
export type PostedChat = z.infer<typeof postedChatSchema>;

/** The message that is meant; undefined where the last one is no text of a person's. */
export function lastMessage({ messages }: PostedChat): { id: string; content: string } | undefined {
  const last = messages.at(-1);
  if (last?.role !== "user") return undefined;
  const texts = last.parts.map((part) => textPart.safeParse(part).data?.text);
  if (texts.includes(undefined)) return undefined;
  const content = contentSchema.safeParse(texts.join("\n\n"));
  return content.success ? { id: last.id, content: content.data } : undefined;
}
