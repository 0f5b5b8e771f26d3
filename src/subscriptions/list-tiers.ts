import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageOfAll } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { tierListSchema } from "./schemas.ts";
import { allTiers } from "./subscription-repository.ts";
import { tierView } from "./views.ts";

export const listTiers = operation({
  name: "listTiers",
  summary: "Tiers with prices and quotas",
  input: z.object({ query: cursorQuery() }),
  output: tierListSchema,
  run: async ({ db }, _actor, { query }) => {
    const { rows, nextCursor } = pageOfAll(await allTiers(db), query);
    return { tiers: rows.map(tierView), next_cursor: nextCursor };
  },
});
