import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { changeConfiguration } from "./change-configuration.ts";
import { systemConfigSchema, updateSystemConfigSchema } from "./schemas.ts";
import { systemConfigView } from "./views.ts";

export const updateSystemConfig = operation({
  name: "updateSystemConfig",
  summary: "Set keys of the configuration; it counts everywhere within five seconds",
  input: z.object({ body: updateSystemConfigSchema }),
  output: systemConfigSchema,
  refusals: ["CONFLICT"],
  run: async (platform, actor, { body: { config, version } }) =>
    systemConfigView(
      await changeConfiguration(platform, actor, config, { action: "config.updated", expected: version }),
      platform.settings,
    ),
});
