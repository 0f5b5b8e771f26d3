import type { Account } from "#src/kernel/actor.ts";
import type { Platform } from "#src/platform.ts";
import { reachableOrder } from "../orders/reachable-order.ts";
import type { ChangePreview } from "./preview.ts";

/**
 * Which notes an order has, and which it would have.
 * @throws AppError `NOT_FOUND`
 */
export async function previewNotes(
  { commerce: { db } }: Pick<Platform, "commerce">,
  actor: Account,
  orderId: string,
  notes: string,
): Promise<ChangePreview> {
  const { number, version, notes: present, currency } = await reachableOrder(db, actor, orderId);
  return { before: { number, version, notes: present }, after: { notes }, amount: { amount: 0, currency } };
}
