import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { isUniqueViolation } from "#src/db/unique-violation.ts";
import { columnsOf } from "#src/http/columns-of.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { changeStatement } from "../change-statement.ts";
import { type CustomerRow, insertCustomer } from "./customer-repository.ts";
import { createCustomerSchema, customerSchema } from "./schemas.ts";
import { newCustomerView } from "./views.ts";

/** The refusal for an address or another system's id that another customer of the tenant has. */
export const customerTaken = (cause: unknown): AppError =>
  new AppError("CONFLICT", { message: "Another customer has this e-mail address or external id", cause });

export const createCustomer = operation({
  name: "createCustomer",
  summary: "Make a customer",
  input: z.object({ body: createCustomerSchema }),
  output: customerSchema,
  refusals: ["CONFLICT"],
  run: async (platform, actor, { body }) => {
    const { commerce, clock } = platform;
    const { clientId } = actor;
    const now = clock.now();
    const row: CustomerRow = {
      id: uuidv7({ msecs: now }),
      clientId,
      ...columnsOf(body),
      ordersCount: 0,
      lastOrderAt: null,
      lastOrderDay: null,
      isActive: true,
      version: 1,
      createdAt: now,
      updatedAt: now,
      deletedAt: null,
    };
    const data = { customer_id: row.id, version: 1 };
    try {
      await commerce.db.batch([
        insertCustomer(commerce.db, row),
        commerce.tell(
          { event: "customer.created", data, clientId, entityId: row.id, ownerUserId: null },
          now,
        ),
        changeStatement(platform, actor, { action: "customer.created", entityId: row.id }, now),
      ]);
    } catch (error) {
      throw isUniqueViolation(error) ? customerTaken(error) : error;
    }
    return newCustomerView(actor, row);
  },
});
