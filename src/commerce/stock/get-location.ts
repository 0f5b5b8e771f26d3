import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { locationNamed } from "./location-named.ts";
import { locationParams, locationSchema } from "./schemas.ts";
import { locationView } from "./views.ts";

export const getLocation = operation({
  name: "getLocation",
  summary: "One location",
  input: z.object({ params: locationParams }),
  output: locationSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ commerce }, { clientId }, { params }) =>
    locationView(await locationNamed(commerce.db, clientId, params.location_id)),
});
