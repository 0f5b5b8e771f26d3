import { z } from "@hono/zod-openapi";
import { listed } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { listRequest } from "../list-query.ts";
import { listLocationRows } from "./location-repository.ts";
import { listLocationsQuery, locationListSchema } from "./schemas.ts";
import { locationView } from "./views.ts";

export const listLocations = operation({
  name: "listLocations",
  summary: "Locations, newest first",
  input: z.object({ query: listLocationsQuery }),
  output: locationListSchema,
  run: async ({ commerce }, { clientId }, { query }) => {
    const found = await listLocationRows(commerce.db, clientId, listRequest(query));
    const { rows, page } = listed(found, query.limit);
    return { locations: rows.map(locationView), ...page };
  },
});
