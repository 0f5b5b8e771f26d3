import { z } from "@hono/zod-openapi";
import { columnsOf } from "#src/http/columns-of.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { causeOf } from "../cause.ts";
import { changeStatement } from "../change-statement.ts";
import { keyStatement } from "../commerce-key-repository.ts";
import { isGuardRefusal } from "../guard-statement.ts";
import { keyOf, madeOnce } from "../once.ts";
import { findProduct } from "../products/product-repository.ts";
import { productParams } from "../products/schemas.ts";
import { fewerThanHeld } from "./fewer-than-held.ts";
import { locationNamed } from "./location-named.ts";
import { adjustStockSchema, stockSchema } from "./schemas.ts";
import {
  adjustStockRow,
  ensureStockRow,
  findStock,
  insertMovement,
  type StockRow,
  stockEvent,
} from "./stock-repository.ts";
import { stockView } from "./views.ts";

export const adjustStock = operation({
  name: "adjustStock",
  summary: "Say how many of a product there are at a location, or how many more or fewer",
  description: "Never fewer than orders hold. With an `Idempotency-Key` it is done once.",
  input: z.object({ params: productParams, body: adjustStockSchema }),
  output: stockSchema,
  refusals: ["NOT_FOUND", "INSUFFICIENT_STOCK", "CONFLICT"],
  runOnce: async (platform, actor, { params, body }, call) => {
    const { commerce, clock } = platform;
    const { db } = commerce;
    const { clientId, userId } = actor;
    const product = await findProduct(db, clientId, params.product_id);
    if (!product) throw new AppError("NOT_FOUND");
    const location = await locationNamed(db, clientId, body.location_id);
    const { reason, reference, location_id: _, ...much } = body;
    const adjustment = { clientId, productId: product.id, locationId: location.id, ...columnsOf(much) };
    const find = async (): Promise<StockRow> => {
      const found = await findStock(db, product.id, location.id);
      if (!found) throw new AppError("NOT_FOUND");
      return found;
    };
    const key = keyOf(actor, "adjustStock", call, { params, body });
    const { output, replayed } = await madeOnce(db, key, find, async () => {
      const now = clock.now();
      const details = { location_id: location.id, ...much, reason };
      commerce.told(clientId);
      try {
        const [, , [adjusted]] = await db.batch([
          ensureStockRow(db, adjustment),
          insertMovement(db, adjustment, { reason, reference, actorId: userId }, now),
          adjustStockRow(db, adjustment),
          stockEvent(db, adjustment, causeOf(actor), now),
          changeStatement(
            platform,
            actor,
            { action: "product.stock.changed", entityId: product.id, details },
            now,
          ),
          ...(key ? [keyStatement(db, key, product.id, now)] : []),
        ]);
        return adjusted ?? (await find());
      } catch (error) {
        if (!isGuardRefusal(error)) throw error;
        throw fewerThanHeld(await findStock(db, product.id, location.id), error);
      }
    });
    return { output: stockView(output), replayed };
  },
});
