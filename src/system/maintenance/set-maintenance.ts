import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { changeConfiguration } from "../configuration/change-configuration.ts";
import { maintenanceView } from "./maintenance-view.ts";
import { maintenanceSchema, setMaintenanceSchema } from "./schemas.ts";

export const setMaintenance = operation({
  name: "setMaintenance",
  summary: "Begin or end maintenance: only reading, and the operator's administrators, go on",
  description:
    "The same as setting the key `maintenance` of the configuration. Everybody with a socket is told by `system.maintenance`.",
  input: z.object({ body: setMaintenanceSchema }),
  output: maintenanceSchema,
  refusals: ["CONFLICT"],
  run: async (platform, actor, { body: maintenance }) => {
    const action = maintenance.enabled ? "maintenance.begun" : "maintenance.ended";
    return maintenanceView(await changeConfiguration(platform, actor, { maintenance }, { action }));
  },
});
