import type { Database } from "#src/db/client.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { findOrder, type OrderRow } from "./order-repository.ts";

/**
 * An order of the actor's tenant.
 * @throws AppError `NOT_FOUND`, also for another tenant's
 */
export async function reachableOrder(db: Database, { clientId }: Account, id: string): Promise<OrderRow> {
  const order = await findOrder(db, clientId, id);
  if (!order) throw new AppError("NOT_FOUND");
  return order;
}
