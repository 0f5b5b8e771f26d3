import { z } from "@hono/zod-openapi";
import type { Columns, Exported } from "#src/exports/index.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { operation } from "#src/operation/operation.ts";
import { exportFormat, exportRows } from "../export-rows.ts";
import { listOrderRows, type OrderRow } from "./order-repository.ts";
import { listOrdersQuery } from "./schemas.ts";

const columns: Columns<OrderRow> = [
  ["number", ({ number }) => number],
  ["status", ({ status }) => status],
  ["payment_status", ({ paymentStatus }) => paymentStatus],
  ["customer_id", ({ customerId }) => customerId],
  ["location_id", ({ locationId }) => locationId],
  ["currency", ({ currency }) => currency],
  ["subtotal", ({ subtotal }) => subtotal],
  ["discount", ({ discount }) => discount],
  ["tax", ({ tax }) => tax],
  ["shipping", ({ shipping }) => shipping],
  ["total", ({ total }) => total],
  ["paid", ({ paid }) => paid],
  ["refunded", ({ refunded }) => refunded],
  ["source", ({ source }) => source],
  ["notes", ({ notes }) => notes],
  ["id", ({ id }) => id],
  ["created_at", ({ createdAt }) => isoTime(createdAt)],
];

export const exportOrders = operation({
  name: "exportOrders",
  summary: "Orders as a file, newest first; amounts in minor units",
  description:
    "Streamed: an answer that breaks off before its end is not a whole file. A cell that a spreadsheet would run as a formula has an apostrophe in front.",
  input: z.object({
    query: listOrdersQuery
      .omit({ cursor: true, limit: true, offset: true, sort: true, expand: true })
      .extend({ format: exportFormat }),
  }),
  output: z.custom<Exported>(),
  run: async ({ commerce: { db }, clock }, { clientId }, { query: { format, ...filters } }) =>
    exportRows({ name: "orders", format, columns }, clock, (page) =>
      listOrderRows(db, clientId, { ...filters, sort: "-created_at" }, page),
    ),
});
