import { z } from "zod";

/** Where objects may be held to by law, as Cloudflare names it: what is in one never leaves it. */
export const jurisdictions = ["eu", "fedramp"] as const;
export type Jurisdiction = (typeof jurisdictions)[number];

/** The jurisdiction of an object, as its id says it. */
export const jurisdictionSchema = z
  .enum(jurisdictions)
  .nullish()
  .transform((one) => one ?? null);

/** Where objects had best be, as Cloudflare names it. */
export const locationHints = [
  "wnam",
  "enam",
  "sam",
  "weur",
  "eeur",
  "apac",
  "apac-ne",
  "apac-se",
  "oc",
  "afr",
  "me",
] as const;
export type LocationHint = (typeof locationHints)[number];

/**
 * Where a tenant's objects are. The jurisdiction is part of who an object is: asked for in another one, it is another
 * object. The hint counts only when an object is made.
 */
export interface Placement {
  jurisdiction: Jurisdiction | null;
  locationHint: LocationHint | null;
}

/** Anywhere. */
export const anywhere: Placement = { jurisdiction: null, locationHint: null };
