import type { z } from "@hono/zod-openapi";
import type { Database } from "#src/db/client.ts";
import { findClient } from "./client-repository.ts";
import { staffing } from "./schemas.ts";

/** How a tenant's staff is put to its conversations; what is not set, or was never valid, is as by itself. */
export async function staffingOf(db: Database, clientId: string): Promise<z.output<typeof staffing>> {
  const client = await findClient(db, clientId);
  return staffing.catch(staffing.parse({})).parse(client?.settings);
}
