import type { z } from "@hono/zod-openapi";
import type { Database } from "#src/db/client.ts";
import { wireRow } from "#src/http/wire-row.ts";
import type { Account } from "#src/kernel/actor.ts";
import { maskedAddress, maskedEmail, maskedPhone, seesContacts } from "../contact.ts";
import type { Money } from "../money.ts";
import { type CustomerRow, totalsOfCustomers } from "./customer-repository.ts";
import { customerSchema } from "./schemas.ts";

export type CustomerView = z.infer<typeof customerSchema>;

/** A customer as somebody sees it who may, or may not, see how to reach people. */
function customerView(row: CustomerRow, value: Money[], inClear: boolean): CustomerView {
  const { email, phone, address } = row;
  return wireRow(customerSchema, row, {
    lifetime_value: value,
    address,
    ...(inClear
      ? {}
      : {
          email: email && maskedEmail(email),
          phone: phone && maskedPhone(phone),
          address: address && maskedAddress(address),
        }),
  });
}

/** Customers as somebody sees them, with what their orders were worth, which is read for all of them at once. */
export async function customerViews(
  db: Database,
  actor: Account,
  rows: readonly CustomerRow[],
): Promise<CustomerView[]> {
  if (rows.length === 0) return [];
  const totals = await totalsOfCustomers(
    db,
    rows.map(({ id }) => id),
  );
  const worthOf = (id: string) =>
    totals.flatMap(({ customerId, ...money }) => (customerId === id ? [money] : []));
  return rows.map((row) => customerView(row, worthOf(row.id), seesContacts(actor)));
}

/** One customer as somebody sees it who has just made it: nobody has ordered yet. */
export const newCustomerView = (actor: Account, row: CustomerRow): CustomerView =>
  customerView(row, [], seesContacts(actor));
