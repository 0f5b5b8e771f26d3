import { isDeepStrictEqual } from "node:util";
import { v7 as uuidv7 } from "uuid";
import { columnsOf } from "#src/http/columns-of.ts";
import { asJson, asKept, asList, asNull, asSwitch, asText, type Columns } from "#src/imports/index.ts";
import { issueLines } from "#src/kernel/issues.ts";
import type { CustomerRow } from "../customers/customer-repository.ts";
import { createCustomerSchema, updateCustomerSchema } from "../customers/schemas.ts";
import type { Fate, ItemRow } from "./take-over.ts";

/** The columns of a file of customers, which are those of the export. */
export const customerColumns: Columns = {
  id: asText,
  external_id: asNull,
  name: asText,
  email: asNull,
  phone: asNull,
  address: asJson,
  tags: asList,
  notes: asKept,
  is_active: asSwitch,
};

/** What exports put in the place of an address for who may not see it. */
const mask = "•••";
const isMasked = (value: unknown): boolean => typeof value === "string" && value.includes(mask);

/** What becomes of a row of a file of customers. What is masked in it stays as it is. */
export function fateOfCustomer(
  { row, item: { id: _, ...item } }: ItemRow,
  known: CustomerRow | undefined,
  { clientId, now }: { clientId: string; now: number },
): Fate<CustomerRow> {
  const said = Object.fromEntries(Object.entries(item).filter(([, value]) => !isMasked(value)));
  if (known) {
    const { data, error } = updateCustomerSchema.safeParse(said);
    if (error) return { row, error: issueLines(error).join("; ") };
    const changed = { ...known, ...columnsOf(data) };
    if (isDeepStrictEqual(changed, known)) return { row, fate: "unchanged" };
    const thing = { ...changed, version: known.version + 1, updatedAt: now };
    const facts = { customer_id: known.id, version: thing.version, changed: Object.keys(data) };
    return { row, fate: "updated", was: known.version, thing, event: "customer.updated", facts };
  }
  const { is_active: isActive = true, ...body } = said;
  const { data, error } = createCustomerSchema.safeParse(body);
  if (error) return { row, error: issueLines(error).join("; ") };
  if (typeof isActive !== "boolean") return { row, error: "is_active: `true` or `false`" };
  const thing: CustomerRow = {
    id: uuidv7({ msecs: now }),
    clientId,
    ...columnsOf(data),
    ordersCount: 0,
    lastOrderAt: null,
    lastOrderDay: null,
    isActive,
    version: 1,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
  const facts = { customer_id: thing.id, version: 1 };
  return { row, fate: "created", was: 0, thing, event: "customer.created", facts };
}
