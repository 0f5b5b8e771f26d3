import { z } from "@hono/zod-openapi";

/** Whose a template, an agent definition or a workflow definition is, on the wire. */
export const ownerSchema = z.string().nullable().openapi({
  description: "The tenant it belongs to; null for the platform's, which every tenant can read and use",
  example: null,
});
