import { z } from "@hono/zod-openapi";
import { instanceParams } from "../schemas.ts";

export const memoryParams = instanceParams.extend({ memory_id: z.coerce.number().int().positive() });
