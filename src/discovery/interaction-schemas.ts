import { z } from "@hono/zod-openapi";
import { interactionTypes } from "#src/kernel/recommendation-words.ts";
import { accepted, anything, errors, itemId, time } from "./schemas.ts";

export const personId = z
  .string()
  .min(1)
  .max(100)
  .openapi({ description: "Whose; one's own, unless one administers the tenant" });

export const newInteractionSchema = z
  .strictObject({
    id: z.string().min(1).max(200).openapi({ description: "Yours; what comes again with it counts once" }),
    user_id: personId.optional().openapi({
      description: "Who; oneself if left out, nobody in particular if an administrator leaves it out",
    }),
    item_id: itemId,
    type: z.enum(interactionTypes).openapi({ description: "What they did with the item" }),
    value: z
      .number()
      .min(0)
      .max(1_000_000)
      .optional()
      .openapi({ description: "Of `rate` from 0 to 1; of `click` the seconds that it kept them" }),
    at: time.openapi({ description: "When; at most 400 days ago" }),
    request_id: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .openapi({ description: "The `request_id` of the recommendations that it came from" }),
  })
  .refine(({ type, value }) => type !== "rate" || (value !== undefined && value <= 1), {
    message: "A rating has a value from 0 to 1",
    path: ["value"],
  })
  .openapi("NewInteraction", {
    example: { id: "e-1", item_id: "tea-1", type: "like", at: "2026-11-28T12:00:00Z" },
  });
export type NewInteraction = z.infer<typeof newInteractionSchema>;

export const recordInteractionsSchema = z
  .strictObject({
    interactions: z
      .array(z.union([newInteractionSchema, anything]))
      .min(1)
      .max(500)
      .openapi({ description: "What persons did, in any order" }),
  })
  .openapi("RecordInteractions", {
    example: { interactions: [{ id: "e-1", item_id: "tea-1", type: "like", at: "2026-11-28T12:00:00Z" }] },
  });

export const recordedInteractionsSchema = z
  .object({
    accepted,
    duplicates: z.number().int().openapi({ description: "How many had come before", example: 0 }),
    errors,
  })
  .openapi("RecordedInteractions");
