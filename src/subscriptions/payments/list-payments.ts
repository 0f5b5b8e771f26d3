import { z } from "@hono/zod-openapi";
import { pageOf, pageRequest } from "#src/http/page.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { operation } from "#src/operation/operation.ts";
import { listPaymentsQuery, paymentListSchema } from "../schemas.ts";
import { pageOfPayments } from "./payment-repository.ts";

export const listPayments = operation({
  name: "listPayments",
  summary: "What one has paid and got back, newest first",
  input: z.object({ query: listPaymentsQuery }),
  output: paymentListSchema,
  run: async ({ db }, actor, { query }) => {
    const found = await pageOfPayments(db, actor.userId, pageRequest(query));
    const { rows, nextCursor } = pageOf(found, query.limit, ({ at, id }) => [at, id]);
    const payments = rows.map(({ id, kind, amount, currency, at }) => ({
      id,
      kind: kind === "refund" ? ("refund" as const) : ("charge" as const),
      amount,
      currency,
      at: isoTime(at),
    }));
    return { payments, count: payments.length, next_cursor: nextCursor };
  },
});
