import type { Database } from "#src/db/client.ts";
import { type Account, hasPermission } from "#src/kernel/actor.ts";
import { fieldRefused } from "../money.ts";
import { findProducts, type ProductRow } from "../products/product-repository.ts";
import { type StockRow, stockOf } from "../stock/stock-repository.ts";
import { type Draft, draftLines } from "./draft-lines.ts";
import { type Totals, totalsOf } from "./order-totals.ts";
import type { OrderItemInput } from "./schemas.ts";

/** An order's lines as they will be kept, with what they come to, what they were read from, and what there is of them. */
export interface DraftOrder extends Draft {
  totals: Totals;
  offers: { product_id: string; price: number; currency: string }[];
  stock: StockRow[];
}

const offerOf = ({ id, price, currency }: ProductRow) => ({ product_id: id, price, currency });

/**
 * Reads what is ordered, and says what it comes to.
 * @throws AppError as `draftLines`; `VALIDATION_ERROR` where the discount is more than there is, or a sum is too much
 */
export async function draftOrder(
  db: Database,
  actor: Account,
  locationId: string,
  lines: readonly OrderItemInput[],
  charges: Pick<Totals, "discount" | "tax" | "shipping">,
): Promise<DraftOrder> {
  const ids = [...new Set(lines.map(({ product_id }) => product_id))];
  const [products, stock] = await db.batch([
    findProducts(db, actor.clientId, ids),
    stockOf(db, locationId, ids),
  ]);
  const draft = draftLines(lines, products, hasPermission(actor, "commerce.manage"));
  const totals = totalsOf(
    draft.items.map(({ quantity, unit_price }) => ({ quantity, unitPrice: unit_price })),
    charges,
  );
  if (!totals) throw fieldRefused("discount", "More than what is ordered comes to, or a sum is too much");
  return { ...draft, totals, offers: products.map(offerOf), stock };
}
