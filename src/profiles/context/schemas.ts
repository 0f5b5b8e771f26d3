import { z } from "@hono/zod-openapi";
import { oneself } from "#src/kernel/actor.ts";
import { personIdSchema } from "../person.ts";

const maxContentBytes = 4096;
const encoder = new TextEncoder();

/** How far from now something may have been said. */
export const contextTimes = { aheadMs: 5 * 60_000, behindMs: 400 * 86_400_000 };

export const createContextEventSchema = z
  .strictObject({
    user_id: personIdSchema.default(oneself),
    conversation_id: z.string().min(1).max(100).optional(),
    message_content: z
      .string()
      .min(1)
      .max(maxContentBytes)
      .refine((text) => encoder.encode(text).length <= maxContentBytes, "At most 4 KiB")
      .openapi({ description: "What was said, at most 4 KiB" }),
    timestamp: z.iso
      .datetime({ offset: true })
      .openapi({ description: "When; at most five minutes ahead, and 400 days ago" }),
    id: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .openapi({ description: "The caller's own: told again with the same one, it is there once" }),
  })
  .openapi("CreateContextEvent", {
    example: { user_id: "me", message_content: "Do you have green tea?", timestamp: "2026-11-28T10:00:00Z" },
  });

export const notedContextSchema = z
  .object({
    id: z.string(),
    accepted: z
      .boolean()
      .openapi({ description: "Whether it is kept: false where the person has not agreed" }),
  })
  .openapi("NotedContext");

export const personContextSchema = z
  .object({
    user_id: z.string(),
    recent: z
      .array(
        z
          .object({
            id: z.string(),
            conversation_id: z.string().nullable(),
            message_content: z.string().openapi({ description: "What was said" }),
            timestamp: z.iso.datetime().openapi({ description: "When" }),
          })
          .openapi("ContextEvent"),
      )
      .openapi({ description: "What the person has said last, at most 20, the newest first" }),
    interests: z
      .array(
        z
          .object({
            topic: z.string().openapi({ description: "What it is" }),
            weight: z.number().openapi({ description: "How much: of all of them together, 1" }),
          })
          .openapi("Interest"),
      )
      .openapi({ description: "What the person cares for, at most 20, most of all first" }),
    summary: z.string().nullable().openapi({
      description: "What the person is about, as it was read out of what they say; null without that",
    }),
    updated_at: z.iso.datetime().nullable().openapi({ description: "When the newest of it was said" }),
  })
  .openapi("PersonContext");
