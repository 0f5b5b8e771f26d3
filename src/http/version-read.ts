import { z } from "@hono/zod-openapi";

/** The version that who changes something has read: a change over a newer one would be lost unseen. */
export const versionRead = z.number().int().positive().openapi({
  description: "The version this change was made from; refused with 409 when there is a newer",
});
