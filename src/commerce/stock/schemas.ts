import { z } from "@hono/zod-openapi";
import { pageFields } from "#src/http/page.ts";
import { movementReasons } from "#src/kernel/commerce-words.ts";
import { listQuery } from "../list-query.ts";

const name = z.string().trim().min(1).max(255).openapi({ example: "Warehouse" });
const isDefault = z.boolean().openapi({ description: "Where orders are from that name no location; one is" });
const quantity = z.number().int().min(0).max(1_000_000_000);

export const locationSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    is_default: isDefault,
    is_active: z.boolean(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .openapi("Location");

export const locationListSchema = z
  .object({ locations: z.array(locationSchema).openapi({ description: "Locations" }), ...pageFields })
  .openapi("LocationList");

export const locationParams = z.object({ location_id: z.uuid() });
export const listLocationsQuery = listQuery();

export const createLocationSchema = z
  .strictObject({ name, is_default: isDefault.default(false), is_active: z.boolean().default(true) })
  .openapi("CreateLocation", { example: { name: "Warehouse" } });

export const updateLocationSchema = z
  .strictObject({
    name,
    is_default: z.literal(true).openapi({ description: "Takes it from the one that has been" }),
    is_active: z.boolean(),
  })
  .partial()
  .openapi("UpdateLocation", { example: { name: "Warehouse" } });

export const stockSchema = z
  .object({
    product_id: z.uuid(),
    location_id: z.uuid(),
    on_hand: z.number().int().openapi({ description: "How many there are" }),
    reserved: z
      .number()
      .int()
      .openapi({ description: "How many of them orders hold that are not fulfilled yet" }),
    available: z
      .number()
      .int()
      .openapi({ description: "How many can be ordered: those that no order holds" }),
    low_stock_at: z
      .number()
      .int()
      .nullable()
      .openapi({ description: "At how many available there are few: `product.stock.low` says so" }),
  })
  .openapi("Stock");

export const stockListSchema = z
  .object({ stock: z.array(stockSchema).openapi({ description: "By location" }), ...pageFields })
  .openapi("StockList");

export const listStockQuery = listQuery();

export const adjustStockSchema = z
  .strictObject({
    location_id: z.uuid().optional().openapi({ description: "The default one unless it is said" }),
    change: z
      .number()
      .int()
      .min(-1_000_000_000)
      .max(1_000_000_000)
      .optional()
      .openapi({ description: "How many there are more, or fewer" }),
    counted: quantity.optional().openapi({ description: "How many there are" }),
    reason: z
      .enum(movementReasons)
      .exclude(["sold", "returned"])
      .default("received")
      .openapi({ description: "Why" }),
    reference: z
      .string()
      .max(255)
      .nullable()
      .default(null)
      .openapi({ description: "What it is about: a delivery's number" }),
    low_stock_at: quantity
      .nullable()
      .optional()
      .openapi({ description: "At how many available there are few" }),
  })
  .refine(
    ({ change, counted }) => change === undefined || counted === undefined,
    "Either `change` or `counted`",
  )
  .openapi("AdjustStock", { example: { change: 100, reason: "received" } });

export type AdjustStock = z.infer<typeof adjustStockSchema>;
export type CreateLocation = z.infer<typeof createLocationSchema>;
export type UpdateLocation = z.infer<typeof updateLocationSchema>;
