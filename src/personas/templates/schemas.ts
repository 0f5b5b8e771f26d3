import { z } from "@hono/zod-openapi";
import { planProblemSchema } from "#src/engine/plans/plan-problem.ts";
import { versionRead } from "#src/http/version-read.ts";
import { ownerSchema } from "#src/tenants/index.ts";
import { nameSchema, personaConfigSchema } from "../schemas.ts";

const time = z.iso.datetime();

export const templateSchema = z
  .object({
    id: z.uuid(),
    client_id: ownerSchema,
    name: z.string(),
    description: z.string(),
    category: z.string(),
    version: z.number().int(),
    config: z.record(z.string(), z.unknown()),
    is_active: z.boolean(),
    created_at: time,
    updated_at: time,
  })
  .openapi("Template");

export const templateParams = z.object({ template_id: z.uuid() });

const templateFields = {
  name: nameSchema,
  description: z.string().max(2000),
  category: z.string().trim().min(1).max(100),
  config: personaConfigSchema,
};

export const createTemplateSchema = z
  .strictObject({
    ...templateFields,
    description: templateFields.description.default(""),
    category: templateFields.category.default("general"),
  })
  .openapi("CreateTemplate");
export type CreateTemplate = z.infer<typeof createTemplateSchema>;

export const updateTemplateSchema = z
  .strictObject({ ...templateFields, is_active: z.boolean(), version: versionRead })
  .partial()
  .openapi("UpdateTemplate", { example: { description: "Writes shorter texts" } });

export const validatePersonaConfigSchema = z
  .strictObject({ config: personaConfigSchema })
  .openapi("ValidatePersonaConfig");

export const cloneTemplateSchema = z.strictObject({ name: nameSchema.optional() }).openapi("CloneTemplate");

/** A template that has just been written, with what its author should know about it. */
export const savedTemplateSchema = templateSchema
  .extend({ warnings: z.array(planProblemSchema) })
  .openapi("SavedTemplate");

export const templateVersionSchema = templateSchema
  .pick({ version: true, name: true, description: true, category: true, config: true, created_at: true })
  .openapi("TemplateVersion");

/** A template as a user chooses from it. */
export const templateChoiceSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    category: z.string(),
    input_schema: z.record(z.string(), z.unknown()),
  })
  .openapi("TemplateChoice");
