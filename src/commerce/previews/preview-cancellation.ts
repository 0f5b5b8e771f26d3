import type { Account } from "#src/kernel/actor.ts";
import type { Platform } from "#src/platform.ts";
import { orderToActOn } from "../orders/act-on-order.ts";
import { itemsOf } from "../orders/order-repository.ts";
import type { ChangePreview } from "./preview.ts";

/**
 * Which order would be cancelled, and how many things could be sold again.
 * @throws AppError what it would be refused with
 */
export async function previewCancellation(
  platform: Pick<Platform, "commerce" | "clock">,
  actor: Account,
  orderId: string,
): Promise<ChangePreview> {
  const { order, decided } = await orderToActOn(platform, actor, orderId, { action: "cancel" });
  const { number, version, status, paymentStatus: payment_status, total, currency } = order;
  const items = await itemsOf(platform.commerce.db, [order.id]);
  const held = items.reduce((sum, { quantity }) => sum + quantity, 0);
  const amount = { amount: total, currency };
  return {
    before: { number, version, status, payment_status, total: amount, held },
    after: { status: decided.to, held: 0 },
    amount,
  };
}
