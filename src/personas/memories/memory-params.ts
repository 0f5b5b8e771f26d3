import { z } from "@hono/zod-openapi";
import { instanceParams } from "../instances/schemas.ts";

export const memoryParams = instanceParams.extend({ memory_id: z.coerce.number().int().positive() });
