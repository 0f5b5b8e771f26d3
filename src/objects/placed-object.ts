import type { Jurisdiction, LocationHint, Placement } from "#src/kernel/placement.ts";

/** Where a tenant's objects are, as whoever asks for one has to know first. */
export type PlacementOf = (clientId: string) => Placement | Promise<Placement>;

/** Where objects of a class are found by their names. */
export interface Named<T> {
  getByName(name: string, options?: { locationHint?: LocationHint }): T;
  jurisdiction?(name: Jurisdiction): Pick<Named<T>, "getByName">;
}

/**
 * An object of a class.
 * @throws where its jurisdiction cannot be asked for: a local runtime knows none
 */
export function placedObject<T>(
  objects: Named<T>,
  name: string,
  { jurisdiction, locationHint }: Placement,
): T {
  const within = jurisdiction === null ? objects : objects.jurisdiction?.(jurisdiction);
  if (!within) throw new Error(`Objects cannot be held to the jurisdiction ${jurisdiction} here`);
  return locationHint === null ? within.getByName(name) : within.getByName(name, { locationHint });
}
