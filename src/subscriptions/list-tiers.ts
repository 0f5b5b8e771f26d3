import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageOfAll } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { tierListSchema } from "./schemas.ts";
import { allTiers } from "./subscription-repository.ts";
import { tierView } from "./views.ts";

export const listTiers = operation({
  name: "listTiers",
  summary: "Tiers with prices, quotas and limits of calls",
  input: z.object({ query: cursorQuery() }),
  output: tierListSchema,
  run: async (platform, _actor, { query }) => {
    const { db } = platform;
    const { rate_limits } = await platform.config();
    const { rows, nextCursor } = pageOfAll(await allTiers(db), query);
    return { tiers: rows.map((row) => tierView(row, rate_limits)), next_cursor: nextCursor };
  },
});
