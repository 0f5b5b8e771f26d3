import { eq, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { prepared } from "#src/db/prepared.ts";
import { clients } from "#src/db/schema/index.ts";
import { anywhere, type Placement } from "#src/kernel/placement.ts";
import type { PlacementOf } from "./placed-object.ts";

/** Tenants whose place is kept in mind by an isolate. */
const maxKept = 10_000;

const placement = prepared((db) =>
  db
    .select({ jurisdiction: clients.jurisdiction, locationHint: clients.locationHint })
    .from(clients)
    .where(eq(clients.id, sql.placeholder("clientId")))
    .prepare(),
);

/**
 * Where tenants' objects are, by their rows. A row says so from its beginning and for good, so each is asked once; a
 * tenant that is not there may still be made with a place.
 */
export function placementsOf(db: Database): PlacementOf {
  const kept = new Map<string, Placement>();
  const ask = async (clientId: string): Promise<Placement> => {
    const found = await placement(db).get({ clientId });
    if (!found) return anywhere;
    kept.set(clientId, found);
    const [oldest] = kept.keys();
    if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
    return found;
  };
  return (clientId) => kept.get(clientId) ?? ask(clientId);
}
