import { runStatuses } from "#src/engine/run-view.ts";
import { roles, tiers } from "#src/kernel/actor.ts";
import {
  orderSources,
  orderStatuses,
  paymentKinds,
  paymentStatuses,
  productStatuses,
} from "#src/kernel/commerce-words.ts";
import { builder } from "./builder.ts";

/** What REST has in lower case is upper case here. */
const enumOf = <V extends string>(name: string, values: readonly V[]) =>
  builder.enumType(name, {
    values: Object.fromEntries(values.map((value) => [value.toUpperCase(), { value }])),
  });

const keyOf = (values: readonly unknown[]): string => values.map(String).sort().join("|");
const known = new Map<string, ReturnType<typeof enumOf<string>>>();

/** Makes an enumeration that several types have. */
function shared<V extends string>(name: string, values: readonly V[]) {
  const made = enumOf(name, values);
  known.set(keyOf(values), made);
  return made;
}

export const RunStatus = shared("RunStatus", runStatuses);
export const OrderStatus = shared("OrderStatus", orderStatuses);
export const PaymentStatus = shared("PaymentStatus", paymentStatuses);
export const OrderSource = shared("OrderSource", orderSources);
export const ProductStatus = shared("ProductStatus", productStatuses);
shared("OrderPaymentKind", paymentKinds);
shared("Role", roles);
shared("Tier", tiers);

/** The enumeration of some values: the one that has them already, or a new one of this name. */
export function enumFor(name: string, values: readonly unknown[]) {
  const key = keyOf(values);
  const made = known.get(key) ?? enumOf(name, values.map(String));
  known.set(key, made);
  return made;
}
