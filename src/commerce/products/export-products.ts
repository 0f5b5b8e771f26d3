import { z } from "@hono/zod-openapi";
import type { Columns, Exported } from "#src/exports/index.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { operation } from "#src/operation/operation.ts";
import { exportFormat, exportRows } from "../export-rows.ts";
import { listProductRows, type ProductRow } from "./product-repository.ts";
import { listProductsQuery } from "./schemas.ts";

const columns: Columns<ProductRow> = [
  ["sku", ({ sku }) => sku],
  ["name", ({ name }) => name],
  ["description", ({ description }) => description],
  ["category", ({ category }) => category],
  ["image_url", ({ imageUrl }) => imageUrl],
  ["price", ({ price }) => price],
  ["currency", ({ currency }) => currency],
  ["attributes", ({ attributes }) => JSON.stringify(attributes)],
  ["status", ({ status }) => status],
  ["id", ({ id }) => id],
  ["created_at", ({ createdAt }) => isoTime(createdAt)],
];

export const exportProducts = operation({
  name: "exportProducts",
  summary: "Products as a file, newest first; prices in minor units",
  description:
    "Streamed: an answer that breaks off before its end is not a whole file. A cell that a spreadsheet would run as a formula has an apostrophe in front.",
  input: z.object({
    query: listProductsQuery
      .omit({ cursor: true, limit: true, offset: true })
      .extend({ format: exportFormat }),
  }),
  output: z.custom<Exported>(),
  run: async ({ commerce: { db }, clock }, { clientId }, { query: { format, ...filters } }) =>
    exportRows({ name: "products", format, columns }, clock, (page) =>
      listProductRows(db, clientId, filters, page),
    ),
});
