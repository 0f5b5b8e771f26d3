import { z } from "@hono/zod-openapi";
import { jsonBytes, limits } from "#src/engine/limits.ts";
import { pageFields } from "#src/http/page.ts";
import { jsonObject } from "#src/kernel/json-object.ts";
import { ownersOfInstance } from "#src/objects/memory.ts";

const time = z.iso.datetime();
const kib = (bytes: number): string => `At most ${bytes / 1024} KiB`;

const content = z
  .string()
  .trim()
  .min(1)
  .max(limits.memoryBytes)
  .refine((text) => jsonBytes(text) <= limits.memoryBytes, kib(limits.memoryBytes));
export const memoryTypeSchema = z.string().trim().min(1).max(64);
const metadata = jsonObject.refine(
  (value) => jsonBytes(value) <= limits.memoryMetadataBytes,
  kib(limits.memoryMetadataBytes),
);

const owner = z.enum(ownersOfInstance).openapi({
  description:
    "`shared`: told to everybody who talks with the persona; `owner`: to its owner and to what they execute alone",
});

export const memorySchema = z
  .object({
    id: z.number().int(),
    owner,
    type: z.string(),
    content: z.string(),
    metadata: z.record(z.string(), z.unknown()),
    created_at: time,
    uses: z.number().int().openapi({ description: "How often it was recalled" }),
    last_used_at: time.nullable(),
  })
  .openapi("Memory");

export const memoryListSchema = z
  .object({ memories: z.array(memorySchema), ...pageFields })
  .openapi("MemoryList");

export const foundMemoriesSchema = z
  .object({
    memories: z.array(
      memorySchema
        .extend({ score: z.number().openapi({ description: "How well it fits, from 0 to 1" }) })
        .openapi("FoundMemory"),
    ),
    count: z.number().int(),
    next_cursor: z.null().openapi({ description: "What fits best is one page" }),
  })
  .openapi("FoundMemories");

export const createMemorySchema = z
  .strictObject({
    content,
    owner: owner.default("shared"),
    type: memoryTypeSchema.default("note"),
    metadata: metadata.default({}),
  })
  .openapi("CreateMemory", { example: { content: "The customer likes oolong", type: "preference" } });

export const updateMemorySchema = z
  .strictObject({ content, owner, type: memoryTypeSchema, metadata })
  .partial()
  .refine((change) => Object.values(change).some((value) => value !== undefined), "Nothing to change")
  .openapi("UpdateMemory", { example: { content: "The customer likes green tea" } });

export const searchMemoriesQuery = z.strictObject({
  query: z.string().trim().min(1).max(4000).openapi({ description: "Words; none of them has to occur" }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(50)
    .optional()
    .openapi({ description: "The instance's `memory_config.retrieval_count` when left out" }),
  type: memoryTypeSchema.optional(),
});
