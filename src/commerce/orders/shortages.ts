import { AppError } from "#src/kernel/app-error.ts";
import type { StockRow } from "../stock/stock-repository.ts";
import type { Need } from "./order-statements.ts";

/** What there is not enough of. */
export const shortagesOf = (needs: readonly Need[], there: readonly StockRow[]) =>
  needs.flatMap(({ product_id, quantity: requested }) => {
    const row = there.find(({ productId }) => productId === product_id);
    const available = row ? row.onHand - row.reserved : 0;
    return requested > available ? [{ product_id, requested, available }] : [];
  });

/** @throws AppError `INSUFFICIENT_STOCK` with every short product */
export function requireEnough(needs: readonly Need[], there: readonly StockRow[]): void {
  const short = shortagesOf(needs, there);
  if (short.length > 0) throw new AppError("INSUFFICIENT_STOCK", { details: { items: short } });
}
