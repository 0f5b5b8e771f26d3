import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { isUniqueViolation } from "#src/db/unique-violation.ts";
import { columnsOf } from "#src/http/columns-of.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { changeStatement } from "../change-statement.ts";
import { productFacts } from "./product-facts.ts";
import { insertProduct, type ProductRow } from "./product-repository.ts";
import { createProductSchema, productSchema } from "./schemas.ts";
import { productView } from "./views.ts";

/** The refusal for a sku that another product of the tenant has. */
export const skuTaken = (cause: unknown): AppError =>
  new AppError("CONFLICT", { message: "Another product has this sku", cause });

export const createProduct = operation({
  name: "createProduct",
  summary: "Make a product",
  input: z.object({ body: createProductSchema }),
  output: productSchema,
  refusals: ["CONFLICT"],
  run: async (platform, actor, { body: { price, ...body } }) => {
    const { commerce, clock } = platform;
    const { clientId } = actor;
    const now = clock.now();
    const row: ProductRow = {
      id: uuidv7({ msecs: now }),
      clientId,
      ...columnsOf(body),
      price: price.amount,
      currency: price.currency,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    try {
      await commerce.db.batch([
        insertProduct(commerce.db, row),
        commerce.tell(
          {
            event: "product.created",
            data: productFacts(row),
            clientId,
            entityId: row.id,
            ownerUserId: null,
          },
          now,
        ),
        changeStatement(platform, actor, { action: "product.created", entityId: row.id }, now),
      ]);
    } catch (error) {
      throw isUniqueViolation(error) ? skuTaken(error) : error;
    }
    return productView(row);
  },
});
