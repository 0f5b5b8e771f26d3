import type { Actor } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { OrderStatus } from "#src/kernel/commerce-words.ts";
import type { EventNameOf } from "#src/kernel/event-catalogue.ts";
import type { Platform } from "#src/platform.ts";
import { causeOf } from "../cause.ts";
import { changeStatement } from "../change-statement.ts";
import { guard, untilItHolds } from "../guard-statement.ts";
import { staleVersion } from "../stale-version.ts";
import { changeOrder, findOrder, isOrderAt, type OrderRow } from "./order-repository.ts";
import { insertMovements, moveStock, orderEvent } from "./order-statements.ts";
import { type OrderAction, transition } from "./order-states.ts";

/** What is done with an order, and what goes with it. */
export interface Act {
  action: OrderAction;
  /** The version that was decided on. */
  version?: number | undefined;
  /** Of what is cancelled: why. */
  reason?: string | null;
  /** Of what comes back: whether it can be sold again. */
  restock?: boolean;
}

type Reached = Exclude<OrderStatus, "pending">;

const eventOf: Record<Reached, EventNameOf<"order">> = {
  confirmed: "order.confirmed",
  fulfilled: "order.fulfilled",
  completed: "order.completed",
  cancelled: "order.cancelled",
  returned: "order.returned",
};

const timeOf = {
  confirmed: "confirmedAt",
  fulfilled: "fulfilledAt",
  completed: "completedAt",
  cancelled: "cancelledAt",
  returned: "returnedAt",
} as const satisfies Record<Reached, keyof OrderRow>;

/** What an order is refused with. */
function refusalOf(
  { status }: OrderRow,
  action: OrderAction,
  reason: string,
  allowed: readonly string[],
): AppError {
  return new AppError("ORDER_STATE_INVALID", {
    ...(reason === "paid" ? { message: "What was paid is given back first" } : {}),
    details: { status, action, allowed },
  });
}

/**
 * An order of the actor's tenant with what something would make of it, by how it stands now.
 * @throws AppError as `actOnOrder`
 */
export async function orderToActOn(
  { commerce: { db }, clock }: Pick<Platform, "commerce" | "clock">,
  { clientId }: Actor,
  id: string,
  { action, version }: Pick<Act, "action" | "version">,
) {
  const order = await findOrder(db, clientId, id);
  if (!order) throw new AppError("NOT_FOUND");
  if (version !== undefined && version !== order.version) throw staleVersion(order.version);
  const now = clock.now();
  const decided = transition(order, action, now);
  if (!decided.ok) throw refusalOf(order, action, decided.reason, decided.allowed);
  return { order, decided, now };
}

/**
 * Does something with an order of the actor's tenant, with its stock, figures and events in one batch.
 * @throws AppError `NOT_FOUND`; `ORDER_STATE_INVALID` with what can be done; `CONFLICT` for another version
 */
export function actOnOrder(
  platform: Platform,
  actor: Actor,
  id: string,
  { action, version, reason = null, restock = true }: Act,
): Promise<OrderRow> {
  const { commerce } = platform;
  const { db } = commerce;
  const { clientId } = actor;
  return untilItHolds(async () => {
    const { order, decided, now } = await orderToActOn(platform, actor, id, { action, version });
    const { to } = decided;
    const event = eventOf[to];
    const stock = decided.stock === "take back" && !restock ? "none" : decided.stock;
    const moved = { sell: "sold", "take back": "returned" } as const;
    const change = { status: to, [timeOf[to]]: now, ...(to === "cancelled" ? { cancelReason: reason } : {}) };
    const actorId = actor.userId ?? null;
    commerce.told(clientId);
    const [, [changed]] = await db.batch([
      guard(db, isOrderAt(order)),
      changeOrder(db, order, change, now),
      ...(stock === "none" ? [] : [moveStock(db, order, stock)]),
      ...(stock === "sell" || stock === "take back"
        ? [insertMovements(db, order, { reason: moved[stock], actorId }, now)]
        : []),
      orderEvent(db, id, { event, previous: order.status, more: causeOf(actor) }, now),
      changeStatement(
        platform,
        actor,
        { action: event, entityId: id, details: { from: order.status, to } },
        now,
      ),
    ]);
    if (!changed) throw new AppError("NOT_FOUND");
    return changed;
  });
}
