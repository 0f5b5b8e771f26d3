import type { z } from "@hono/zod-openapi";
import { isoTime } from "#src/kernel/clock.ts";
import type { ClientRow } from "./client-repository.ts";
import type { clientSchema } from "./schemas.ts";

/** A tenant on the wire. */
export const clientView = (row: ClientRow): z.infer<typeof clientSchema> => ({
  client_id: row.id,
  display_name: row.displayName,
  settings: row.settings,
  is_active: row.isActive,
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
});
