import { z } from "@hono/zod-openapi";
import { columnsOf } from "#src/http/columns-of.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";
import { causeOf } from "../cause.ts";
import { changeStatement } from "../change-statement.ts";
import { guard, untilItHolds } from "../guard-statement.ts";
import { staleVersion } from "../stale-version.ts";
import { draftOrder } from "./draft-order.ts";
import { changeOrder, isOrderAt, itemsOf, type OrderRow } from "./order-repository.ts";
import {
  insertItems,
  isAsRead,
  isEnough,
  moveStock,
  orderEvent,
  removeItems,
  reserve,
} from "./order-statements.ts";
import { allowedActions } from "./order-states.ts";
import { reachableOrder } from "./reachable-order.ts";
import { type OrderItemInput, orderParams, orderSchema, updateOrderSchema } from "./schemas.ts";
import { requireEnough } from "./shortages.ts";
import { viewOfOrder } from "./views.ts";

/** What gives an order other lines: what it holds is let go, and what it is to hold is held. */
async function otherLines(
  { commerce: { db } }: Pick<Platform, "commerce">,
  actor: Account,
  order: OrderRow,
  lines: readonly OrderItemInput[],
) {
  const { id, clientId, customerId, locationId, discount, tax, shipping, currency } = order;
  const draft = await draftOrder(db, actor, locationId, lines, { discount, tax, shipping });
  if (draft.currency !== currency)
    throw new AppError("VALIDATION_ERROR", {
      details: { fields: [{ path: "items", message: `The order is in ${currency}` }] },
    });
  const held = await itemsOf(db, [id]);
  const own = (productId: string) =>
    held.reduce((sum, item) => sum + (item.productId === productId ? item.quantity : 0), 0);
  requireEnough(
    draft.needs,
    draft.stock.map((row) => ({ ...row, reserved: row.reserved - own(row.productId) })),
  );
  return {
    totals: draft.totals,
    statements: [
      guard(db, isAsRead({ clientId, customerId, locationId, offers: draft.offers })),
      moveStock(db, order, "release"),
      guard(db, isEnough(locationId, draft.needs)),
      reserve(db, locationId, draft.needs),
      removeItems(db, id),
      insertItems(db, id, draft.items),
    ],
  };
}

export const updateOrder = operation({
  name: "updateOrder",
  summary: "Change an order's notes and address, and its lines while it is pending",
  description: "Other lines take the place of all that there were; they are held in the same step.",
  input: z.object({ params: orderParams, body: updateOrderSchema }),
  output: orderSchema,
  refusals: ["NOT_FOUND", "ORDER_STATE_INVALID", "INSUFFICIENT_STOCK", "CONFLICT"],
  run: async (platform, actor, { params, body: { version, items, ...plain } }) => {
    const { commerce, clock } = platform;
    const { db } = commerce;
    const { clientId } = actor;
    const changed = await untilItHolds(async () => {
      const order = await reachableOrder(db, actor, params.order_id);
      if (version !== undefined && version !== order.version) throw staleVersion(order.version);
      if (items && order.status !== "pending")
        throw new AppError("ORDER_STATE_INVALID", {
          message: "Its lines change only while it is pending",
          details: { status: order.status, action: "update", allowed: allowedActions(order.status) },
        });
      const lines = items && (await otherLines(platform, actor, order, items));
      const now = clock.now();
      const details = { changed: Object.keys({ ...plain, ...(items && { items }) }) };
      const more = { ...details, ...causeOf(actor) };
      const change = { ...columnsOf(plain), ...lines?.totals };
      commerce.told(clientId);
      const [, [row]] = await db.batch([
        guard(db, isOrderAt(order)),
        changeOrder(db, order, change, now),
        ...(lines?.statements ?? []),
        orderEvent(db, order.id, { event: "order.updated", previous: order.status, more }, now),
        changeStatement(platform, actor, { action: "order.updated", entityId: order.id, details }, now),
      ]);
      if (!row) throw new AppError("NOT_FOUND");
      return row;
    });
    return viewOfOrder(db, actor, changed);
  },
});
