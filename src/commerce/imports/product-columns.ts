import { isDeepStrictEqual } from "node:util";
import { v7 as uuidv7 } from "uuid";
import { columnsOf } from "#src/http/columns-of.ts";
import { asJson, asKept, asNull, asNumber, asText, type Columns } from "#src/imports/index.ts";
import { issueLines } from "#src/kernel/issues.ts";
import { productFacts } from "../products/product-facts.ts";
import type { ProductRow } from "../products/product-repository.ts";
import { createProductSchema, updateProductSchema } from "../products/schemas.ts";
import type { Fate, ItemRow } from "./take-over.ts";

/** The columns of a file of products, which are those of the export. */
export const productColumns: Columns = {
  sku: asText,
  name: asText,
  description: asKept,
  category: asNull,
  image_url: asNull,
  price: asNumber,
  currency: asText,
  attributes: asJson,
  status: asText,
};

/** A product's body, as of a file's row: the price and its currency are columns of their own. */
function bodyOf({ price, currency, ...item }: Record<string, unknown>, known: ProductRow | undefined) {
  if (price === undefined && currency === undefined) return item;
  return { ...item, price: { amount: price ?? known?.price, currency: currency ?? known?.currency } };
}

/** What becomes of a row of a file of products. */
export function fateOfProduct(
  { row, item }: ItemRow,
  known: ProductRow | undefined,
  { clientId, now }: { clientId: string; now: number },
): Fate<ProductRow> {
  const { data, error } = (known ? updateProductSchema : createProductSchema).safeParse(bodyOf(item, known));
  if (error) return { row, error: issueLines(error).join("; ") };
  const { price, ...body } = data;
  const paid = price && { price: price.amount, currency: price.currency };
  if (known) {
    const changed = { ...known, ...columnsOf(body), ...paid };
    if (isDeepStrictEqual(changed, known)) return { row, fate: "unchanged" };
    const thing = { ...changed, version: known.version + 1, updatedAt: now };
    const isArchived = thing.status === "archived" && known.status !== "archived";
    const event = isArchived ? "product.archived" : "product.updated";
    return { row, fate: "updated", was: known.version, thing, event, facts: productFacts(thing) };
  }
  const whole = createProductSchema.parse(data);
  const { price: cost, ...facts } = whole;
  const made: ProductRow = {
    id: uuidv7({ msecs: now }),
    clientId,
    ...columnsOf(facts),
    price: cost.amount,
    currency: cost.currency,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  return { row, fate: "created", was: 0, thing: made, event: "product.created", facts: productFacts(made) };
}
