import { isUniqueViolation } from "#src/db/unique-violation.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import { changeStatement } from "../change-statement.ts";
import { guard, untilItHolds } from "../guard-statement.ts";
import { eraseAddressesOf } from "../orders/order-repository.ts";
import { staleVersion } from "../stale-version.ts";
import { customerTaken } from "./create-customer.ts";
import { type CustomerRow, findCustomer, isCustomerAt, replaceCustomer } from "./customer-repository.ts";

/**
 * Changes a customer of the actor's tenant.
 * @param changed names of what changes, for who looks back
 * @throws AppError `NOT_FOUND`; `CONFLICT` where it is at another version than the one that is said, or what one customer
 *   alone has is taken
 */
export function changeCustomer(
  platform: Platform,
  actor: Account,
  id: string,
  {
    event,
    version,
    changed,
  }: { event: "customer.updated" | "customer.deleted"; version?: number; changed: string[] },
  change: Partial<CustomerRow>,
): Promise<CustomerRow> {
  const { commerce, clock } = platform;
  const { db } = commerce;
  const { clientId } = actor;
  return untilItHolds(async () => {
    const customer = await findCustomer(db, clientId, id);
    if (!customer) throw new AppError("NOT_FOUND");
    if (version !== undefined && version !== customer.version) throw staleVersion(customer.version);
    const now = clock.now();
    const row = { ...customer, ...change, version: customer.version + 1, updatedAt: now };
    const data = { customer_id: id, version: row.version, changed };
    try {
      await db.batch([
        guard(db, isCustomerAt(customer)),
        commerce.tell({ event, data, clientId, entityId: id, ownerUserId: null }, now),
        replaceCustomer(db, row),
        ...(event === "customer.deleted" ? [eraseAddressesOf(db, customer)] : []),
        changeStatement(platform, actor, { action: event, entityId: id, details: { changed } }, now),
      ]);
    } catch (error) {
      throw isUniqueViolation(error) ? customerTaken(error) : error;
    }
    return row;
  });
}
