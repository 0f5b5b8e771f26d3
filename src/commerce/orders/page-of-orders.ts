import type { z } from "@hono/zod-openapi";
import type { Database } from "#src/db/client.ts";
import { pageOf } from "#src/http/page.ts";
import type { Account } from "#src/kernel/actor.ts";
import { listRequest } from "../list-query.ts";
import { listOrderRows } from "./order-repository.ts";
import type { ListOrders, orderListSchema } from "./schemas.ts";
import { orderViews } from "./views.ts";

/** A page of the orders of the actor's tenant. */
export async function pageOfOrders(
  db: Database,
  actor: Account,
  { cursor, offset, limit, expand, ...filters }: ListOrders,
): Promise<z.infer<typeof orderListSchema>> {
  const page = listRequest({ cursor, offset, limit });
  const found = await listOrderRows(db, actor.clientId, filters, page);
  const byTotal = filters.sort.endsWith("total");
  const { rows, nextCursor } = pageOf(found, limit, ({ total, createdAt, id }) => [
    byTotal ? total : createdAt,
    id,
  ]);
  return { orders: await orderViews(db, actor, rows, expand), count: rows.length, next_cursor: nextCursor };
}
