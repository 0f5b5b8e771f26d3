import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { operation } from "#src/operation/operation.ts";
import { holdoutOf } from "#src/tenants/index.ts";
import { recommendationsSchema, recommendSchema } from "./list-schemas.ts";
import { personAskedFor } from "./person-asked-for.ts";
import { listView } from "./views.ts";

export const recommendItems = operation({
  name: "recommendItems",
  summary: "Recommend items to a person",
  description:
    "By what they liked, where they have agreed to `personalisation`, and by what they look for (`context.query`); else what " +
    "is popular. Nothing comes that they have seen, disliked or dismissed. Where there is no catalogue, personas are recommended; where there are none either, the list is empty.",
  input: z.object({ body: recommendSchema }),
  output: recommendationsSchema,
  refusals: ["INSUFFICIENT_PERMISSIONS"],
  run: async ({ db, objects, clock }, actor, { body }) => {
    const now = clock.now();
    const requestId = uuidv7({ msecs: now });
    const [personalisation, holdoutPercent] = await Promise.all([
      objects.personalisation(actor.clientId),
      holdoutOf(db, actor.clientId),
    ]);
    const list = await personalisation.recommend({
      personId: personAskedFor(actor, body.user_id),
      limit: body.limit,
      query: body.context.query ?? null,
      language: body.context.language ?? null,
      tags: body.tags,
      exclude: body.exclude,
      holdoutPercent,
      requestId,
    });
    return listView(list, requestId, now);
  },
});
