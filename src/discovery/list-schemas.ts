import { z } from "@hono/zod-openapi";
import { reasonTypes } from "#src/kernel/recommendation-words.ts";
import { personId } from "./interaction-schemas.ts";
import { algorithmSchema, itemId, itemSchema, languageSchema, tagSchema, time } from "./schemas.ts";

const limit = z.coerce.number().int().min(1).max(50).default(5);

export const similarQuery = z.strictObject({ limit: limit.openapi({ description: "How many, at most" }) });

export const recommendSchema = z
  .strictObject({
    user_id: personId.optional().openapi({
      description: "For whom; oneself if left out, nobody in particular if an administrator leaves it out",
    }),
    context: z
      .looseObject({
        query: z.string().max(1000).optional().openapi({ description: "What they look for now, in words" }),
        language: languageSchema.optional().openapi({ description: "Only items in it, or in none" }),
      })
      .default({})
      .openapi({ description: "Where they are; what is not listed here is left aside" }),
    limit: z.number().int().min(1).max(50).default(5).openapi({ description: "How many, at most" }),
    exclude: z.array(itemId).max(500).default([]).openapi({ description: "Items that are not to come" }),
    tags: z.array(tagSchema).max(30).default([]).openapi({ description: "Only items that have one of them" }),
  })
  .openapi("Recommend", { example: { limit: 3, context: { query: "green tea" } } });

const reasonSchema = z
  .object({
    type: z.enum(reasonTypes).openapi({ description: "Why: what counted most comes first" }),
    item_id: z
      .string()
      .optional()
      .openapi({ description: "Of `because_you_liked`, the item that they liked" }),
    terms: z
      .array(z.string())
      .optional()
      .openapi({ description: "Of `matches`, the tags and words that fit what they like or look for" }),
  })
  .openapi("Reason");

export const recommendationsSchema = z
  .object({
    recommendations: z
      .array(
        z
          .object({
            item_id: z.string().openapi({ description: "Which item" }),
            score: z.number().openapi({ description: "How much speaks for it, from 0 to 1" }),
            reasons: z.array(reasonSchema).openapi({ description: "What speaks for it" }),
            item: itemSchema.openapi({ description: "The item itself" }),
          })
          .openapi("Recommendation"),
      )
      .openapi({ description: "Best first" }),
    request_id: z.string().openapi({ description: "Names the list; say it with what comes of it" }),
    algorithm: algorithmSchema,
    generated_at: time.openapi({ description: "When it was made" }),
  })
  .openapi("Recommendations");
