import type { z } from "@hono/zod-openapi";
import { isoTime } from "#src/kernel/clock.ts";
import type { Memory } from "#src/objects/memory.ts";
import type { memorySchema } from "./schemas.ts";

/** A memory on the wire. */
export const memoryView = (memory: Memory): z.infer<typeof memorySchema> => ({
  id: memory.id,
  type: memory.type,
  content: memory.content,
  metadata: memory.metadata,
  created_at: isoTime(memory.createdAt),
  uses: memory.uses,
  last_used_at: memory.uses === 0 ? null : isoTime(memory.usedAt),
});
