import { z } from "@hono/zod-openapi";
import { pageFields } from "#src/http/page.ts";
import { emailSchema } from "#src/identity/index.ts";
import { idsParameter, listQuery } from "../list-query.ts";
import { moneySchema } from "../money.ts";

const line = z.string().trim().min(1).max(255);

export const addressSchema = z
  .strictObject({
    name: line.optional().openapi({ description: "Whose it is" }),
    line1: line.optional().openapi({ description: "Street and number" }),
    line2: line.optional().openapi({ description: "What else finds it" }),
    city: line.optional().openapi({ description: "City" }),
    region: line.optional().openapi({ description: "State or province" }),
    postal_code: z.string().trim().min(1).max(20).optional().openapi({ description: "Postal code" }),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .optional()
      .openapi({ description: "ISO 3166-1, two letters", example: "GB" }),
  })
  .openapi("Address");

const name = z.string().trim().min(1).max(255).openapi({ example: "Ada Lovelace" });
const phone = z.string().trim().min(3).max(32);
const externalId = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .openapi({ description: "What another system calls it; one customer has it" });
const tags = z
  .array(z.string().trim().min(1).max(50))
  .max(20)
  .openapi({ description: "Words of one's own", example: ["wholesale"] });
const notes = z.string().max(5000).openapi({ description: "What is worth knowing" });

export const customerSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    email: z
      .string()
      .nullable()
      .openapi({ description: "In clear to who holds `customers.contact`, else masked" }),
    phone: z
      .string()
      .nullable()
      .openapi({ description: "In clear to who holds `customers.contact`, else masked" }),
    external_id: z.string().nullable().openapi({ description: "What another system calls it" }),
    user_id: z.string().nullable(),
    address: z
      .union([addressSchema, z.null()])
      .openapi({ description: "In clear to who holds `customers.contact`, else its country" }),
    tags,
    notes,
    orders_count: z.number().int().openapi({ description: "Orders that were not cancelled" }),
    lifetime_value: z.array(moneySchema).openapi({ description: "What they were worth, by currency" }),
    last_order_at: z.iso.datetime().nullable().openapi({ description: "When the latest was made" }),
    is_active: z.boolean(),
    version: z.number().int(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .openapi("Customer");

export const customerListSchema = z
  .object({ customers: z.array(customerSchema).openapi({ description: "Customers" }), ...pageFields })
  .openapi("CustomerList");

export const customerParams = z.object({ customer_id: z.uuid() });

export const listCustomersQuery = listQuery().extend({
  ids: idsParameter,
  q: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .openapi({ description: "Words that the name has, or begins with" }),
  email: z
    .string()
    .max(320)
    .optional()
    .openapi({ description: "Who has this address; needs `customers.contact`" }),
  tag: z.string().max(50).optional().openapi({ description: "Who has this tag" }),
  min_orders: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000_000)
    .optional()
    .openapi({ description: "Who has so many orders or more" }),
});

export type ListCustomers = z.infer<typeof listCustomersQuery>;

export const createCustomerSchema = z
  .strictObject({
    name,
    email: emailSchema.nullable().default(null),
    phone: phone.nullable().default(null),
    external_id: externalId.nullable().default(null),
    user_id: z.uuid().nullable().default(null),
    address: z.union([addressSchema, z.null()]).default(null).openapi({ description: "Where they are" }),
    tags: tags.default([]),
    notes: notes.default(""),
  })
  .openapi("CreateCustomer", { example: { name: "Ada Lovelace" } });

export const updateCustomerSchema = z
  .strictObject({
    name,
    email: emailSchema.nullable(),
    phone: phone.nullable(),
    external_id: externalId.nullable(),
    user_id: z.uuid().nullable(),
    address: z.union([addressSchema, z.null()]).openapi({ description: "Where they are" }),
    tags,
    notes,
    is_active: z.boolean(),
    version: z
      .number()
      .int()
      .min(1)
      .openapi({ description: "Counts its changes; refused where another is the last" }),
  })
  .partial()
  .openapi("UpdateCustomer", { example: { name: "Ada Lovelace" } });

export type UpdateCustomer = z.infer<typeof updateCustomerSchema>;
