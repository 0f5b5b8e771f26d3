import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { changeStatement } from "../change-statement.ts";
import { keyStatement } from "../commerce-key-repository.ts";
import { isGuardRefusal } from "../guard-statement.ts";
import { fieldRefused } from "../money.ts";
import { keyOf, madeOnce } from "../once.ts";
import { dayIn, shopSettings } from "../tenant-day.ts";
import { findPayment, insertPayment, type OrderPaymentRow } from "./order-repository.ts";
import { orderEvent } from "./order-statements.ts";
import { reachableOrder } from "./reachable-order.ts";
import { createPaymentSchema, orderParams, paymentSchema } from "./schemas.ts";
import { paymentView } from "./views.ts";

export const createOrderPayment = operation({
  name: "createOrderPayment",
  summary: "Record what was paid for an order, or given back",
  description:
    "Money is recorded here, and collected elsewhere. No more is given back than was paid. Needs an `Idempotency-Key`, for which it is recorded once.",
  input: z.object({ params: orderParams, body: createPaymentSchema }),
  output: paymentSchema,
  refusals: ["NOT_FOUND", "CONFLICT"],
  runOnce: async (platform, actor, { params, body }, call) => {
    const { commerce, clock } = platform;
    const { db } = commerce;
    const { clientId, userId } = actor;
    const order = await reachableOrder(db, actor, params.order_id);
    const key = keyOf(actor, "createOrderPayment", call, { params, body });
    if (!key) throw fieldRefused("Idempotency-Key", "Say one: nothing is recorded twice by mistake then");
    const find = async (id: string): Promise<OrderPaymentRow> => {
      const found = await findPayment(db, id);
      if (!found) throw new AppError("NOT_FOUND");
      return found;
    };
    const { output, replayed } = await madeOnce(db, key, find, async () => {
      const { timeZone } = await shopSettings(platform, clientId);
      const now = clock.now();
      const row: OrderPaymentRow = {
        id: uuidv7({ msecs: now }),
        clientId,
        orderId: order.id,
        ...body,
        currency: order.currency,
        actorId: userId,
        day: dayIn(timeZone, now),
        createdAt: now,
      };
      const more = {
        payment_id: row.id,
        kind: row.kind,
        amount: { amount: row.amount, currency: row.currency },
      };
      const event = "order.payment.recorded";
      commerce.told(clientId);
      try {
        await db.batch([
          insertPayment(db, row),
          orderEvent(db, order.id, { event, previous: order.status, more }, now),
          changeStatement(platform, actor, { action: event, entityId: order.id, details: more }, now),
          keyStatement(db, key, row.id, now),
        ]);
      } catch (error) {
        if (!isGuardRefusal(error)) throw error;
        const { paid, refunded } = await reachableOrder(db, actor, order.id);
        throw new AppError("CONFLICT", {
          message: "No more is given back than was paid",
          details: { paid, refunded },
          cause: error,
        });
      }
      return row;
    });
    return { output: paymentView(output), replayed };
  },
});
