import type { z } from "@hono/zod-openapi";
import { wireRow } from "#src/http/wire-row.ts";
import type { LocationRow } from "./location-repository.ts";
import { locationSchema, stockSchema } from "./schemas.ts";
import type { StockRow } from "./stock-repository.ts";

export const locationView = (row: LocationRow): z.infer<typeof locationSchema> =>
  wireRow(locationSchema, row);

export const stockView = (row: StockRow): z.infer<typeof stockSchema> =>
  wireRow(stockSchema, row, {
    available: row.onHand - row.reserved,
    // A quantity, whatever its name ends with.
    low_stock_at: row.lowStockAt,
  });
