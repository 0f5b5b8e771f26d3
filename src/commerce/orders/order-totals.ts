/** What an order comes to. Amounts in minor units of its currency. */
export interface Totals {
  subtotal: number;
  discount: number;
  tax: number;
  shipping: number;
  total: number;
  /** How many things it is of. */
  units: number;
}

interface Line {
  quantity: number;
  unitPrice: number;
}

/** The sums of an order's lines and charges; undefined where the discount is more than there is, or a sum is not exact. */
export function totalsOf(
  lines: readonly Line[],
  { discount, tax, shipping }: Pick<Totals, "discount" | "tax" | "shipping">,
): Totals | undefined {
  let [subtotal, units] = [0, 0];
  for (const { quantity, unitPrice } of lines) {
    subtotal += quantity * unitPrice;
    units += quantity;
  }
  const total = subtotal - discount + tax + shipping;
  if (discount > subtotal || ![subtotal, subtotal + tax + shipping].every(Number.isSafeInteger))
    return undefined;
  return { subtotal, discount, tax, shipping, total, units };
}
