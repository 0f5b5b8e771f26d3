import type { Database } from "#src/db/client.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { findDefaultLocation, findLocation, type LocationRow } from "./location-repository.ts";

/**
 * The location that somebody means: the default one where none is named.
 * @throws AppError `NOT_FOUND` with `location_id`
 */
export async function locationNamed(
  db: Database,
  clientId: string,
  id: string | undefined,
): Promise<LocationRow> {
  const found = await (id === undefined ? findDefaultLocation(db, clientId) : findLocation(db, clientId, id));
  if (found) return found;
  throw new AppError("NOT_FOUND", {
    message: id === undefined ? "There is no location yet" : "No such location",
    details: { location_id: id ?? null },
  });
}
