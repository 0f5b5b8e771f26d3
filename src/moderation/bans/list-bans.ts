import { z } from "@hono/zod-openapi";
import { listed, pageRequest } from "#src/http/page.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { operation } from "#src/operation/operation.ts";
import { pageBans } from "./ban-repository.ts";
import { banView } from "./ban-view.ts";
import { banListQuery, banListSchema } from "./schemas.ts";

export const listBans = operation({
  name: "listBans",
  summary: "Who may write in no conversation at present, the latest first",
  input: z.object({ query: banListQuery }),
  output: banListSchema,
  run: async ({ db, clock }, actor, { query }) => {
    const clientId = tenantWithin(actor, query.client_id) ?? actor.clientId;
    const asked = { clientId, personId: query.person_id, now: clock.now() };
    const { rows, page } = listed(await pageBans(db, asked, pageRequest(query)), query.limit);
    return { bans: rows.map(banView), ...page };
  },
});
