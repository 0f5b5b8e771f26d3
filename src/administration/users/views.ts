import type { z } from "@hono/zod-openapi";
import { wireRow } from "#src/http/wire-row.ts";
import type { UserRow } from "#src/identity/index.ts";
import { administeredUserSchema } from "./schemas.ts";

/** An account as administrators see it. */
export const administeredUserView = (row: UserRow): z.infer<typeof administeredUserSchema> =>
  wireRow(administeredUserSchema, row, { subscription_tier: row.tier });
