import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageFields } from "#src/http/page.ts";
import { itemKinds, recommendationAlgorithms } from "#src/kernel/recommendation-words.ts";
import { isPersonaItem } from "#src/objects/persona-items-api.ts";

const time = z.iso.datetime();
const maxAttributeBytes = 4096;

/** Ids that fit into an address as they are. */
export const itemId = z
  .string()
  .regex(/^[A-Za-z0-9._:~-]{1,200}$/, "1 to 200 of A–Z, a–z, 0–9 and . _ : ~ -")
  .openapi({ description: "Yours, unique in the tenant's catalogue", example: "tea-1" });

/** Those of a catalogue: personas and templates have ids of their own. */
const ownItemId = itemId.refine((id) => !isPersonaItem(id), "Ids of personas and templates begin so");

export const tagSchema = z.string().trim().min(1).max(50);
export const languageSchema = z
  .string()
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "A language tag, such as en or pt-BR");
const address = z.httpUrl().max(2000);

const attributes = z
  .record(z.string().max(100), z.unknown())
  .refine((value) => JSON.stringify(value).length <= maxAttributeBytes, "At most 4 KiB")
  .openapi({ description: "Anything else; what is one word or number counts when items are compared" });

/** What is said of an item. */
export const newItemSchema = z
  .strictObject({
    id: ownItemId,
    title: z.string().trim().min(1).max(300).openapi({ description: "What it is called" }),
    description: z.string().max(2000).nullable().default(null).openapi({ description: "What it is" }),
    tags: z.array(tagSchema).max(30).default([]).openapi({ description: "What it is about" }),
    language: languageSchema
      .nullable()
      .default(null)
      .openapi({ description: "In which it is; null for any" }),
    url: address.nullable().default(null).openapi({ description: "Where it is" }),
    image: address.nullable().default(null).openapi({ description: "A picture of it" }),
    published_at: time.nullable().default(null).openapi({ description: "When it came out" }),
    expires_at: time.nullable().default(null).openapi({ description: "From when on it is not recommended" }),
    available: z.boolean().default(true).openapi({ description: "Whether it is recommended" }),
    attributes: attributes.default({}),
  })
  .openapi("NewItem", { example: { id: "tea-1", title: "Green tea", tags: ["tea"], language: "en" } });
export type NewItem = z.infer<typeof newItemSchema>;

/** An item that is not of the form is told with the answer, and holds up no other. */
const anything = z.record(z.string(), z.unknown());

export const putItemsSchema = z
  .strictObject({
    items: z
      .array(z.union([newItemSchema, anything]))
      .min(1)
      .max(1000)
      .openapi({ description: "Those that are in the catalogue already are replaced" }),
  })
  .openapi("PutItems", { example: { items: [{ id: "tea-1", title: "Green tea", tags: ["tea"] }] } });

const takenError = z
  .object({
    index: z.number().int().openapi({ description: "Which one of those given, from 0" }),
    id: z.string().nullable().openapi({ description: "Its id, where it has one" }),
    message: z.string().openapi({ description: "What is wrong with it" }),
  })
  .openapi("TakenError");
const errors = z.array(takenError).openapi({ description: "Those that were not taken in, and why" });
const accepted = z.number().int().openapi({ description: "How many were taken in", example: 1 });

export const putItemsAnswerSchema = z.object({ accepted, errors }).openapi("PutItemsAnswer");

export const itemSchema = z
  .object({
    id: z.string(),
    kind: z.enum(itemKinds).openapi({
      description:
        "Of the catalogue, or a persona to talk with (`persona:…`), or to make from a template (`template:…`)",
    }),
    title: z.string().openapi({ description: "What it is called" }),
    description: z.string().nullable().openapi({ description: "What it is" }),
    tags: z.array(z.string()).openapi({ description: "What it is about" }),
    language: z.string().nullable().openapi({ description: "In which it is; null for any" }),
    url: z.string().nullable().openapi({ description: "Where it is" }),
    image: z.string().nullable().openapi({ description: "A picture of it" }),
    published_at: time.nullable().openapi({ description: "When it came out" }),
    expires_at: time.nullable().openapi({ description: "From when on it is not recommended" }),
    available: z.boolean().openapi({ description: "Whether it is recommended" }),
    attributes: z.record(z.string(), z.unknown()).openapi({ description: "Anything else" }),
    created_at: time,
    updated_at: time,
  })
  .openapi("Item");

export const itemListSchema = z
  .object({ items: z.array(itemSchema).openapi({ description: "In the order of their ids" }), ...pageFields })
  .openapi("ItemList");

export const itemParams = z.object({ item_id: itemId });
export const itemsQuery = cursorQuery();

export { accepted, anything, errors, time };
export const algorithmSchema = z
  .enum(recommendationAlgorithms)
  .openapi({ description: "By what the person likes or asks for, by what is popular, or by an item" });
