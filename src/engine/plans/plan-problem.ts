import { z } from "@hono/zod-openapi";

/** Something to say about a plan, and where. */
export const planProblemSchema = z.object({
  step: z.string().nullable(),
  path: z.string(),
  message: z.string(),
});
export type PlanProblem = z.infer<typeof planProblemSchema>;
