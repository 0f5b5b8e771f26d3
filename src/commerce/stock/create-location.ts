import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { isUniqueViolation } from "#src/db/unique-violation.ts";
import { columnsOf } from "#src/http/columns-of.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { changeStatement } from "../change-statement.ts";
import { insertLocation, noOtherDefault } from "./location-repository.ts";
import { createLocationSchema, locationSchema } from "./schemas.ts";
import { locationView } from "./views.ts";

/** The refusal for a name that another location of the tenant has. */
export const locationNameTaken = (cause: unknown): AppError =>
  new AppError("CONFLICT", { message: "Another location has this name", cause });

export const createLocation = operation({
  name: "createLocation",
  summary: "Make a location; the first is the default",
  input: z.object({ body: createLocationSchema }),
  output: locationSchema,
  refusals: ["CONFLICT"],
  run: async (platform, actor, { body }) => {
    const { commerce, clock } = platform;
    const { db } = commerce;
    const now = clock.now();
    const id = uuidv7({ msecs: now });
    const { clientId } = actor;
    const row = { id, clientId, ...columnsOf(body), createdAt: now, updatedAt: now, deletedAt: null };
    try {
      const [, [made]] = await db.batch([
        noOtherDefault(db, clientId, body.is_default ? id : undefined),
        insertLocation(db, row),
        changeStatement(platform, actor, { action: "location.created", entityId: id }, now),
      ]);
      if (!made) throw new AppError("CONFLICT");
      return locationView(made);
    } catch (error) {
      throw isUniqueViolation(error) ? locationNameTaken(error) : error;
    }
  },
});
