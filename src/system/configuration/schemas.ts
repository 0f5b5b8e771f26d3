import { z } from "@hono/zod-openapi";
import { configurationKeys, configurationSchema } from "#src/configuration/index.ts";

const version = z.number().int().nonnegative();

const configurationKeySchema = z.object({
  key: z.enum(configurationKeys).openapi({ description: "Key of the configuration" }),
  meaning: z.string().openapi({ description: "What it does, and its bounds" }),
  default: z.unknown().openapi({ description: "What holds where it was never set" }),
  is_default: z.boolean().openapi({ description: "Whether that holds" }),
  version: version
    .nullable()
    .openapi({ description: "Of the configuration, since when it is as it is; null: never set" }),
  updated_at: z.iso.datetime().nullable().openapi({ description: "When it was set; null: never" }),
  updated_by: z.string().nullable().openapi({ description: "Account that set it; null: nobody has" }),
});

export const systemConfigSchema = z
  .object({
    version: version.openapi({
      description: "Counts changes; `PUT` with it is refused where there was another since",
    }),
    config: configurationSchema.openapi({ description: "What holds, by key" }),
    keys: z.array(configurationKeySchema).openapi({ description: "What there is to be known of each key" }),
    settings: z
      .array(
        z.object({
          name: z.string().openapi({ description: "Setting of the deployment", example: "RUN_LIST_DAYS" }),
          value: z
            .union([z.string(), z.number(), z.boolean(), z.array(z.string())])
            .nullable()
            .openapi({ description: "As the gateway reads it; null where it is not set" }),
          meaning: z.string().openapi({ description: "What it does" }),
        }),
      )
      .openapi({ description: "What only a deployment changes; secrets and addresses are left out" }),
  })
  .openapi("SystemConfig");

export type SystemConfig = z.output<typeof systemConfigSchema>;

export const updateSystemConfigSchema = z
  .strictObject({
    version: version.optional().openapi({
      description: "The version this change was made from; refused with 409 when there is another",
    }),
    config: configurationSchema
      .partial()
      .refine((changes) => Object.values(changes).some((value) => value !== undefined), {
        message: "Name at least one key",
      })
      .openapi({ description: "Keys to set, each as a whole; those left out stay" }),
  })
  .openapi("UpdateSystemConfig", { example: { config: { log_level: "debug" } } });
