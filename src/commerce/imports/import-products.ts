import { z } from "@hono/zod-openapi";
import { importedText, readTable } from "#src/imports/index.ts";
import { operation } from "#src/operation/operation.ts";
import type { ProductRow } from "../products/product-repository.ts";
import { fateOfProduct, productColumns } from "./product-columns.ts";
import { productsBySku, writeProducts } from "./product-import-repository.ts";
import { importReportSchema, shopImportFormSchema } from "./schemas.ts";
import { type Importer, takeOver } from "./take-over.ts";

const skuOf = ({ sku }: Record<string, unknown>): string | undefined =>
  typeof sku === "string" ? sku.trim().toLowerCase() : undefined;

export const importProducts = operation({
  name: "importProducts",
  summary: "Make and change products by a file of at most 10 MB and 50 000 rows, by their skus",
  description:
    "A table names its columns in its first row: `sku` and, if wanted, `name`, `description`, `category`, `image_url`, `price` in minor units, `currency`, `attributes` in JSON, `status`; others are ignored, and columns left out stay as they are. A row that cannot be taken over is reported and stops no other. What the export gives is taken unchanged.",
  input: z.object({ body: shopImportFormSchema }),
  output: importReportSchema,
  refusals: ["BAD_REQUEST", "PAYLOAD_TOO_LARGE"],
  run: async (platform, actor, { body: { file, dry_run: dryRun } }) => {
    const { commerce, clock } = platform;
    const { clientId } = actor;
    const importer: Importer<ProductRow> = {
      keysOf: (item) => [skuOf(item)],
      decide: async (rows) => {
        const now = clock.now();
        const skus = rows.flatMap(({ item }) => skuOf(item) ?? []);
        const known = await productsBySku(commerce.db, clientId, skus);
        const bySku = new Map(known.map((product) => [product.sku.toLowerCase(), product]));
        return rows.map((row) => fateOfProduct(row, bySku.get(skuOf(row.item) ?? ""), { clientId, now }));
      },
      write: (things) => writeProducts(platform, actor, things, clock.now()),
    };
    return takeOver(importer, readTable(await importedText(file), productColumns, "sku"), { dryRun });
  },
});
