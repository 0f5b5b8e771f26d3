import { z } from "zod";
import type { MemoryOwner } from "#src/objects/memory.ts";

/** Whose a memory is, as runs carry it. */
export const memoryOwnerSchema: z.ZodType<MemoryOwner> = z.union([
  z.enum(["shared", "owner"]),
  z.templateLiteral(["user:", z.string().min(1)]),
  z.templateLiteral(["visitor:", z.string().min(1)]),
]);
