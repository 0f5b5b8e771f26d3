import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { columnsOf } from "#src/http/columns-of.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";
import { causeOf } from "../cause.ts";
import { changeStatement } from "../change-statement.ts";
import { keyStatement } from "../commerce-key-repository.ts";
import { findCustomer } from "../customers/customer-repository.ts";
import { guard, untilItHolds } from "../guard-statement.ts";
import { fieldRefused } from "../money.ts";
import { keyOf, madeOnce } from "../once.ts";
import { locationNamed } from "../stock/location-named.ts";
import { dayIn, type ShopSettings, shopSettings } from "../tenant-day.ts";
import { draftOrder } from "./draft-order.ts";
import type { OrderRow } from "./order-repository.ts";
import {
  insertItems,
  insertOrder,
  isAsRead,
  isEnough,
  orderEvent,
  reserve,
  takeNumber,
} from "./order-statements.ts";
import { reachableOrder } from "./reachable-order.ts";
import { type CreateOrder, createOrderSchema, orderSchema } from "./schemas.ts";
import { requireEnough } from "./shortages.ts";
import { viewOfOrder } from "./views.ts";

/** The way an order came in, by whose call it was: a persona's says which of its runs. */
function originOf(actor: Account): Pick<OrderRow, "source" | "runId" | "instanceId"> {
  if (actor.kind === "run") return { source: "persona", runId: actor.runId, instanceId: actor.instanceId };
  return { source: actor.via === "graphql" ? "graphql" : "api", runId: null, instanceId: null };
}

const minuteMs = 60_000;

/** What an order begins with, besides what it is of. */
function newOrder(actor: Account, settings: ShopSettings, now: number) {
  const { timeZone, reservationMinutes } = settings;
  return {
    id: uuidv7({ msecs: now }),
    clientId: actor.clientId,
    status: "pending",
    paid: 0,
    refunded: 0,
    ...originOf(actor),
    createdBy: actor.userId,
    reservedUntil: reservationMinutes === 0 ? null : now + reservationMinutes * minuteMs,
    cancelReason: null,
    day: dayIn(timeZone, now),
    version: 1,
    createdAt: now,
    updatedAt: now,
    confirmedAt: null,
    fulfilledAt: null,
    completedAt: null,
    cancelledAt: null,
    returnedAt: null,
  } as const;
}

/**
 * What an order would be, by what there is now.
 * @throws AppError what it would be refused with
 */
export async function orderToCome(
  { commerce: { db } }: Pick<Platform, "commerce">,
  actor: Account,
  body: Omit<CreateOrder, "notes">,
) {
  const { clientId } = actor;
  const { items: lines, customer_id, location_id, discount, tax, shipping, expected_total: expected } = body;
  const [customer, location] = await Promise.all([
    findCustomer(db, clientId, customer_id),
    locationNamed(db, clientId, location_id),
  ]);
  if (!customer) throw new AppError("NOT_FOUND", { message: "No such customer", details: { customer_id } });
  if (!customer.isActive) throw fieldRefused("customer_id", "The customer is not active");
  if (!location.isActive) throw fieldRefused("location_id", "The location is not active");
  const draft = await draftOrder(db, actor, location.id, lines, { discount, tax, shipping });
  const { currency, totals } = draft;
  if (expected && (expected.amount !== totals.total || expected.currency !== currency))
    throw new AppError("CONFLICT", {
      message: "It comes to something else by now",
      details: { expected, total: { amount: totals.total, currency } },
    });
  requireEnough(draft.needs, draft.stock);
  return { customer, location, draft };
}

/** One go at making an order, on what there is now. */
async function makeOrder(
  platform: Platform,
  actor: Account,
  body: CreateOrder,
  settings: ShopSettings,
  key: ReturnType<typeof keyOf>,
): Promise<OrderRow> {
  const { commerce, clock } = platform;
  const { db } = commerce;
  const { clientId } = actor;
  const { customer, location, draft } = await orderToCome(platform, actor, body);
  const { notes, shipping_address } = body;
  const now = clock.now();
  const order = {
    ...newOrder(actor, settings, now),
    ...columnsOf({ notes, shipping_address }),
    ...draft.totals,
    customerId: customer.id,
    locationId: location.id,
    currency: draft.currency,
    paymentStatus: draft.totals.total === 0 ? "paid" : "unpaid",
  } as const;
  const basis = { clientId, customerId: customer.id, locationId: location.id, offers: draft.offers };
  commerce.told(clientId);
  const [, , , , [made]] = await db.batch([
    guard(db, isAsRead(basis)),
    guard(db, isEnough(location.id, draft.needs)),
    reserve(db, location.id, draft.needs),
    takeNumber(db, clientId),
    insertOrder(db, order),
    insertItems(db, order.id, draft.items),
    orderEvent(db, order.id, { event: "order.created", previous: null, more: causeOf(actor) }, now),
    changeStatement(platform, actor, { action: "order.created", entityId: order.id }, now),
    ...(key ? [keyStatement(db, key, order.id, now)] : []),
  ]);
  if (!made) throw new Error("An order was made and is not there");
  return made;
}

export const createOrder = operation({
  name: "createOrder",
  summary: "Make an order, and hold what it is of",
  description:
    "All of it or nothing: an order that there is not enough for is refused with what is short. The price is the product's when it is ordered. With an `Idempotency-Key` it is made once.",
  input: z.object({ body: createOrderSchema }),
  output: orderSchema,
  refusals: ["NOT_FOUND", "INSUFFICIENT_STOCK", "CONFLICT"],
  runOnce: async (platform, actor, { body }, call) => {
    const { db } = platform.commerce;
    const key = keyOf(actor, "createOrder", call, body);
    const settings = await shopSettings(platform, actor.clientId);
    const { output: row, replayed } = await madeOnce(
      db,
      key,
      (id) => reachableOrder(db, actor, id),
      () => untilItHolds(() => makeOrder(platform, actor, body, settings, key)),
    );
    return { output: await viewOfOrder(db, actor, row), replayed };
  },
});
