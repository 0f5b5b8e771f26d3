import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { changeStatement } from "../change-statement.ts";
import { guard, isGuardRefusal } from "../guard-statement.ts";
import { locationNamed } from "./location-named.ts";
import { isLocationIdle, updateLocationRow } from "./location-repository.ts";
import { locationParams } from "./schemas.ts";

export const deleteLocation = operation({
  name: "deleteLocation",
  summary: "Delete a location where nothing lies, and that is not the default",
  description: "Not while an order is to be fulfilled from it.",
  input: z.object({ params: locationParams }),
  output: z.void(),
  refusals: ["NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params }) => {
    const { commerce, clock } = platform;
    const { db } = commerce;
    const location = await locationNamed(db, actor.clientId, params.location_id);
    const now = clock.now();
    try {
      await db.batch([
        guard(db, isLocationIdle(location)),
        updateLocationRow(db, location, { isActive: false, deletedAt: now, updatedAt: now }),
        changeStatement(platform, actor, { action: "location.deleted", entityId: location.id }, now),
      ]);
    } catch (error) {
      if (!isGuardRefusal(error)) throw error;
      throw new AppError("CONFLICT", {
        message: "It is the default, something lies there, or an order is to be fulfilled from it",
        cause: error,
      });
    }
  },
});
