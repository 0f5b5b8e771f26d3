import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { askDependencies } from "./ask-dependencies.ts";
import { systemHealthSchema } from "./schemas.ts";

export const getSystemHealth = operation({
  name: "getSystemHealth",
  summary: "How everything is that the platform needs, and how long each takes to answer",
  input: z.object({}),
  output: systemHealthSchema,
  run: (platform) => askDependencies(platform),
});
