import { z } from "@hono/zod-openapi";
import { busyWays, chatAudiences } from "#src/kernel/chat-words.ts";

const text = (max: number) => z.string().trim().min(1).max(max);

export const personaChatSchema = z
  .object({
    enabled: z.boolean().openapi({ description: "Whether others than the owner may talk with it at all" }),
    audience: z.enum(chatAudiences).openapi({ description: "`tenant`: everybody in it" }),
    greeting: z.string().nullable().openapi({ description: "What it says before anybody has asked" }),
    starters: z.array(z.string()).openapi({ description: "What one might ask it, for who does not know" }),
    fuel_per_turn: z.number().int().nullable().openapi({
      description: "Fuel units of an answer; what the owner's tier gives a run when null, and never more",
    }),
    on_busy: z.enum(busyWays).openapi({
      description: "What becomes of a message that comes while an answer is being written",
    }),
    handover: z.boolean().openapi({ description: "Whether people may ask for a person" }),
  })
  .openapi("PersonaChat");

export const publishSchema = z
  .strictObject({
    enabled: z.boolean(),
    audience: z.enum(chatAudiences).default("tenant"),
    greeting: text(2000).nullable().default(null),
    starters: z.array(text(200)).max(6).default([]),
    fuel_per_turn: z.number().int().min(1).max(1_000_000).nullable().default(null),
    on_busy: z.enum(busyWays).default("queue"),
    handover: z.boolean().default(false),
  })
  .openapi("PublishPersona", {
    example: { enabled: true, audience: "tenant", greeting: "What may I do for you?" },
  });
