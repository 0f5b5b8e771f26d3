import { z } from "@hono/zod-openapi";
import type { Columns, Exported } from "#src/exports/index.ts";
import { isoTime, isoTimeOrNull } from "#src/kernel/clock.ts";
import { operation } from "#src/operation/operation.ts";
import { maskedEmail, maskedPhone, requireContacts, seesContacts } from "../contact.ts";
import { exportFormat, exportRows } from "../export-rows.ts";
import { type CustomerRow, listCustomerRows } from "./customer-repository.ts";
import { listCustomersQuery } from "./schemas.ts";

/** Words with `|` between; a list in JSON where that would not be read as it was. */
const listed = (tags: readonly string[]): string =>
  tags.some((tag) => tag.includes("|") || tag.startsWith("[")) ? JSON.stringify(tags) : tags.join("|");

const columnsFor = (inClear: boolean): Columns<CustomerRow> => [
  ["external_id", ({ externalId }) => externalId],
  ["name", ({ name }) => name],
  ["email", ({ email }) => (email === null || inClear ? email : maskedEmail(email))],
  ["phone", ({ phone }) => (phone === null || inClear ? phone : maskedPhone(phone))],
  ["address", ({ address }) => (address && inClear ? JSON.stringify(address) : null)],
  ["tags", ({ tags }) => listed(tags)],
  ["notes", ({ notes }) => notes],
  ["is_active", ({ isActive }) => isActive],
  ["orders_count", ({ ordersCount }) => ordersCount],
  ["last_order_at", ({ lastOrderAt }) => isoTimeOrNull(lastOrderAt)],
  ["id", ({ id }) => id],
  ["created_at", ({ createdAt }) => isoTime(createdAt)],
];

export const exportCustomers = operation({
  name: "exportCustomers",
  summary: "Customers as a file, newest first",
  description:
    "Streamed: an answer that breaks off before its end is not a whole file. A cell that a spreadsheet would run as a formula has an apostrophe in front. How to reach them is masked without `customers.contact`.",
  input: z.object({
    query: listCustomersQuery
      .omit({ cursor: true, limit: true, offset: true })
      .extend({ format: exportFormat }),
  }),
  output: z.custom<Exported>(),
  run: async ({ commerce: { db }, clock }, actor, { query: { format, ...filters } }) => {
    if (filters.email !== undefined) requireContacts(actor);
    const columns = columnsFor(seesContacts(actor));
    return exportRows({ name: "customers", format, columns }, clock, (page) =>
      listCustomerRows(db, actor.clientId, filters, page),
    );
  },
});
