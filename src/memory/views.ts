import type { z } from "@hono/zod-openapi";
import { wireRow } from "#src/http/wire-row.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { Memory } from "#src/objects/memory.ts";
import { memorySchema } from "./schemas.ts";

/** A memory on the wire, as the instance's owner sees it. */
export const memoryView = (memory: Memory): z.infer<typeof memorySchema> =>
  wireRow(memorySchema, memory, {
    owner: memory.owner === "shared" ? "shared" : "owner",
    last_used_at: memory.uses === 0 ? null : isoTime(memory.usedAt),
  });
