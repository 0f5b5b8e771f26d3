import { z } from "@hono/zod-openapi";
import { isUniqueViolation } from "#src/db/unique-violation.ts";
import { columnsOf } from "#src/http/columns-of.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { changeStatement } from "../change-statement.ts";
import { locationNameTaken } from "./create-location.ts";
import { locationNamed } from "./location-named.ts";
import { noOtherDefault, updateLocationRow } from "./location-repository.ts";
import { locationParams, locationSchema, updateLocationSchema } from "./schemas.ts";
import { locationView } from "./views.ts";

export const updateLocation = operation({
  name: "updateLocation",
  summary: "Change a location; fields left out stay as they are",
  description: "Where nothing is sold from any more while it is not active: orders there go on.",
  input: z.object({ params: locationParams, body: updateLocationSchema }),
  output: locationSchema,
  refusals: ["NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params, body }) => {
    const { commerce, clock } = platform;
    const { db } = commerce;
    const location = await locationNamed(db, actor.clientId, params.location_id);
    const now = clock.now();
    const details = { changed: Object.keys(body) };
    try {
      const [, [changed]] = await db.batch([
        noOtherDefault(db, actor.clientId, body.is_default ? location.id : undefined),
        updateLocationRow(db, location, { ...columnsOf(body), updatedAt: now }),
        changeStatement(platform, actor, { action: "location.updated", entityId: location.id, details }, now),
      ]);
      if (!changed) throw new AppError("NOT_FOUND");
      return locationView(changed);
    } catch (error) {
      throw isUniqueViolation(error) ? locationNameTaken(error) : error;
    }
  },
});
