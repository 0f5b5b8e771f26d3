import type { z } from "@hono/zod-openapi";
import { wireRow } from "#src/http/wire-row.ts";
import type { ClientRow } from "./client-repository.ts";
import { clientSchema } from "./schemas.ts";

/** A tenant on the wire. */
export const clientView = (row: ClientRow): z.infer<typeof clientSchema> =>
  wireRow(clientSchema, row, { client_id: row.id });
