import type { Database } from "#src/db/client.ts";
import { type Account, tenantWithin } from "#src/kernel/actor.ts";
import { clientWithin } from "#src/tenants/index.ts";
import { everyTenant } from "../metrics.ts";

/**
 * Whose figures a caller sees: their tenant's, of the operator's administrators any or all together.
 * @throws AppError `NOT_FOUND` for a tenant out of reach
 */
export const whoseFigures = async (db: Database, actor: Account, asked?: string): Promise<string> =>
  asked === undefined ? (tenantWithin(actor) ?? everyTenant) : (await clientWithin(db, actor, asked)).id;
