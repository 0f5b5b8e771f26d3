import { z } from "@hono/zod-openapi";
import { storedKeys } from "#src/configuration/index.ts";
import { operation } from "#src/operation/operation.ts";
import { systemConfigSchema } from "./schemas.ts";
import { systemConfigView } from "./views.ts";

export const getSystemConfig = operation({
  name: "getSystemConfig",
  summary: "What is configured while the platform runs, with every key there is",
  input: z.object({}),
  output: systemConfigSchema,
  run: async ({ db, settings }) => systemConfigView(await storedKeys(db), settings),
});
