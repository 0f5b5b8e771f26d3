import { eq } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { clients } from "#src/db/schema/clients.ts";
import { type HubSpread, unspread } from "#src/objects/hub-spread.ts";

/** Over how many objects a tenant's sockets are spread. */
export const hubSpreadOf = async (db: Database, clientId: string): Promise<HubSpread> =>
  (await db
    .select({
      hubShards: clients.hubShards,
      hubShardsBefore: clients.hubShardsBefore,
      hubShardsAt: clients.hubShardsAt,
    })
    .from(clients)
    .where(eq(clients.id, clientId))
    .get()) ?? unspread;
