import { z } from "@hono/zod-openapi";
import { configurationSchema } from "#src/configuration/index.ts";

const { maintenance } = configurationSchema.shape;

export const setMaintenanceSchema = maintenance.openapi("SetMaintenance", {
  description: "Whether the platform is under maintenance, and what whoever is refused is told",
  example: { enabled: false },
});

export const maintenanceSchema = z
  .object({
    enabled: z.boolean().openapi({ description: "Whether what changes something is refused" }),
    message: z.string().openapi({ description: "What whoever is refused is told" }),
    retry_after_seconds: z.number().int().openapi({ description: "`Retry-After` of refusals" }),
    version: z
      .number()
      .int()
      .openapi({ description: "Of the configuration that has set it so; 0: never set" }),
    updated_at: z.iso.datetime().nullable().openapi({ description: "Since when it is so; null: never set" }),
    updated_by: z.string().nullable().openapi({ description: "Account that has set it; null: nobody has" }),
  })
  .openapi("Maintenance");

export type Maintenance = z.output<typeof maintenanceSchema>;
