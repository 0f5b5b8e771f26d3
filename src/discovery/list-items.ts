import { z } from "@hono/zod-openapi";
import { decodeCursor, encodeCursor } from "#src/http/cursor.ts";
import { operation } from "#src/operation/operation.ts";
import { itemListSchema, itemsQuery } from "./schemas.ts";
import { itemView } from "./views.ts";

const positionSchema = z.string().max(200);

export const listItems = operation({
  name: "listItems",
  summary: "The catalogue, in the order of its items' ids",
  input: z.object({ query: itemsQuery }),
  output: itemListSchema,
  run: async ({ objects }, { clientId }, { query: { cursor, limit } }) => {
    const after = cursor === undefined ? null : decodeCursor(cursor, positionSchema);
    const rows = await (await objects.personalisation(clientId)).listItems({ after, limit: limit + 1 });
    const items = rows.slice(0, limit).map(itemView);
    const last = items.at(-1);
    return {
      items,
      count: items.length,
      next_cursor: rows.length > limit && last ? encodeCursor(last.id) : null,
    };
  },
});
