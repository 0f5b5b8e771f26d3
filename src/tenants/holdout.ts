import type { Database } from "#src/db/client.ts";
import { findClient } from "./client-repository.ts";
import { holdoutPercent } from "./schemas.ts";

/** Of a hundred of a tenant's persons, so many are shown what is popular, to compare with. */
export async function holdoutOf(db: Database, clientId: string): Promise<number> {
  const client = await findClient(db, clientId);
  return holdoutPercent.catch(0).parse(client?.settings.holdout_percent);
}
