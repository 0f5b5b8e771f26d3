import { z } from "@hono/zod-openapi";
import { runStatuses } from "#src/engine/run-view.ts";
import { pageFields } from "#src/http/page.ts";
import { jsonObject } from "#src/kernel/json-object.ts";
import { nameSchema } from "../schemas.ts";

const time = z.iso.datetime();

const lastRunSchema = z
  .object({ id: z.uuid(), status: z.enum(runStatuses), at: time.openapi({ description: "When it began" }) })
  .openapi("LastRun");

/** What instances may be told with. */
export const includedInInstance = z
  .literal("last_run")
  .optional()
  .openapi({ description: "Given, each tells its last run" });

export const instanceSchema = z
  .object({
    id: z.uuid(),
    template_id: z.uuid(),
    template_version: z.number().int(),
    name: z.string(),
    template_name: z.string().openapi({ description: "What its template is called now" }),
    description: z.string().openapi({ description: "What its template is for" }),
    category: z.string().openapi({ description: "Category of its template" }),
    owner_user_id: z.uuid(),
    client_id: z.string(),
    project_id: z.string().nullable(),
    input_schema: z
      .record(z.string(), z.unknown())
      .openapi({ description: "JSON Schema that its input has to fit; empty where anything goes" }),
    config: z.record(z.string(), z.unknown()),
    last_run: z
      .union([lastRunSchema, z.null()])
      .optional()
      .openapi({ description: "With `include=last_run`; null where it has not run yet" }),
    is_active: z.boolean(),
    created_at: time,
    updated_at: time,
  })
  .openapi("PersonaInstance");

export const instanceParams = z.object({ instance_id: z.uuid() });

export const instanceListSchema = z
  .object({ instances: z.array(instanceSchema), ...pageFields })
  .openapi("InstanceList");

export const createInstanceSchema = z
  .strictObject({
    template_id: z.uuid(),
    name: nameSchema.optional(),
    instance_name: nameSchema.optional(),
    project_id: z.uuid().optional(),
    config: jsonObject.optional(),
  })
  .refine((body) => body.name !== undefined || body.instance_name !== undefined, {
    path: ["name"],
    message: "Give the instance a name",
  })
  .openapi("CreateInstance");
export type CreateInstance = z.infer<typeof createInstanceSchema>;

export const updateInstanceSchema = z
  .strictObject({
    name: nameSchema.optional(),
    instance_name: nameSchema.optional(),
    project_id: z.uuid().nullable().optional(),
    config: jsonObject.optional(),
  })
  .openapi("UpdateInstance", { example: { config: { temperature: 0.2 } } });
export type UpdateInstance = z.infer<typeof updateInstanceSchema>;
