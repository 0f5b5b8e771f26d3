import type { z } from "@hono/zod-openapi";
import type { Account } from "#src/kernel/actor.ts";
import type { Platform } from "#src/platform.ts";
import { orderToCome } from "../orders/create-order.ts";
import { createOrderSchema } from "../orders/schemas.ts";
import type { ChangePreview } from "./preview.ts";

/**
 * What an order would be of, what it would come to, and how many would be left.
 * @throws AppError what it would be refused with
 */
export async function previewOrder(
  platform: Pick<Platform, "commerce">,
  actor: Account,
  wanted: z.input<typeof createOrderSchema>,
): Promise<ChangePreview> {
  const { customer, draft } = await orderToCome(platform, actor, createOrderSchema.parse(wanted));
  const { items, needs, stock, currency, totals } = draft;
  const money = (amount: number) => ({ amount, currency });
  const left = needs.map(({ product_id, quantity }) => {
    const row = stock.find(({ productId }) => productId === product_id);
    return { product_id, available: row ? row.onHand - row.reserved : 0, quantity };
  });
  return {
    before: { available: left.map(({ product_id, available }) => ({ product_id, available })) },
    after: {
      customer: customer.name,
      items: items.map(({ sku, name, quantity, unit_price }) => ({
        ...{ sku, name, quantity },
        unit_price: money(unit_price),
      })),
      total: money(totals.total),
      available: left.map(({ product_id, available, quantity }) => ({
        product_id,
        available: available - quantity,
      })),
    },
    amount: money(totals.total),
  };
}
