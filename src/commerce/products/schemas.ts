import { z } from "@hono/zod-openapi";
import { jsonBytes } from "#src/engine/limits.ts";
import { pageFields } from "#src/http/page.ts";
import { productStatuses } from "#src/kernel/commerce-words.ts";
import { jsonObject } from "#src/kernel/json-object.ts";
import { idsParameter, listQuery } from "../list-query.ts";
import { moneySchema } from "../money.ts";

const maxAttributesBytes = 8 * 1024;

const sku = z.string().trim().min(1).max(64).openapi({
  description: "The tenant's own name of it; one product has it, in capitals or not",
  example: "TEA-OOLONG-100",
});
const name = z.string().trim().min(1).max(255).openapi({ example: "Oolong, 100 g" });
const description = z.string().max(5000);
const category = z.string().trim().min(1).max(100).nullable();
const imageUrl = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .nullable();
const attributes = jsonObject
  .refine((value) => jsonBytes(value) <= maxAttributesBytes, `At most ${maxAttributesBytes / 1024} KiB`)
  .openapi({ description: "Facts of one's own about it", example: { origin: "Taiwan" } });
const status = z.enum(productStatuses).openapi({ description: "Only an `active` one is ordered" });
const version = z
  .number()
  .int()
  .min(1)
  .openapi({ description: "Counts its changes; refused where another is the last" });

export const productSchema = z
  .object({
    id: z.uuid(),
    sku: z.string(),
    name: z.string(),
    description: z.string(),
    category: z.string().nullable(),
    image_url: z.string().nullable().openapi({ description: "Where its picture is" }),
    price: moneySchema.openapi({ description: "What one of it costs" }),
    attributes: z.record(z.string(), z.unknown()).openapi({ description: "Facts of one's own about it" }),
    status,
    version: z.number().int(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .openapi("Product");

export const productListSchema = z
  .object({ products: z.array(productSchema).openapi({ description: "Products" }), ...pageFields })
  .openapi("ProductList");

export const productParams = z.object({ product_id: z.uuid() });

export const listProductsQuery = listQuery().extend({
  status: status.optional(),
  category: z.string().max(100).optional(),
  ids: idsParameter,
  q: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .openapi({ description: "Words that its sku, name or description has, or begins with" }),
  in_stock: z
    .enum(["true", "false"])
    .optional()
    .openapi({ description: "Whether any of it can be sold, wherever" }),
});

export type ListProducts = z.infer<typeof listProductsQuery>;

export const createProductSchema = z
  .strictObject({
    sku,
    name,
    description: description.default(""),
    category: category.default(null),
    image_url: imageUrl.default(null),
    price: moneySchema,
    attributes: attributes.default({}),
    status: status.default("active"),
  })
  .openapi("CreateProduct", {
    example: { sku: "TEA-OOLONG-100", name: "Oolong, 100 g", price: { amount: 1099, currency: "EUR" } },
  });

export const updateProductSchema = z
  .strictObject({
    sku,
    name,
    description,
    category,
    image_url: imageUrl,
    price: moneySchema,
    attributes,
    status,
    version,
  })
  .partial()
  .openapi("UpdateProduct", { example: { name: "Oolong, 100 g" } });

export type CreateProduct = z.infer<typeof createProductSchema>;
export type UpdateProduct = z.infer<typeof updateProductSchema>;
