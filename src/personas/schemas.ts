import { z } from "@hono/zod-openapi";
import { lanes } from "../messaging/topics.ts";
import { planSchema } from "../workflows/plan.ts";

const jsonObject = z.record(z.string(), z.unknown());
const name = z.string().trim().min(1).max(255);
const time = z.iso.datetime();

/** What a persona is made of. Unknown keys are kept. */
export const personaConfigSchema = z
  .looseObject({
    model: z.string().max(100).optional(),
    temperature: z.number().min(0).max(1).optional(),
    max_tokens: z.number().int().min(1).max(64_000).optional(),
    system_prompt: z.string().max(100_000).optional(),
    custom_prompt: z.string().max(100_000).optional(),
    workflow: planSchema,
    memory_config: jsonObject.optional(),
    input_schema: jsonObject.optional(),
    output_schema: jsonObject.optional(),
  })
  .openapi("PersonaConfig");

export const templateSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    category: z.string(),
    version: z.number().int(),
    config: jsonObject,
    is_active: z.boolean(),
    created_at: time,
    updated_at: time,
  })
  .openapi("Template");

export const createTemplateSchema = z
  .strictObject({
    name,
    description: z.string().max(2000).default(""),
    category: z.string().max(100).default("general"),
    config: personaConfigSchema,
  })
  .openapi("CreateTemplate");
export type CreateTemplate = z.infer<typeof createTemplateSchema>;

/** A template as a user chooses from it. */
export const templateChoiceSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    category: z.string(),
    input_schema: jsonObject,
  })
  .openapi("TemplateChoice");

export const instanceSchema = z
  .object({
    id: z.uuid(),
    template_id: z.uuid(),
    template_version: z.number().int(),
    name: z.string(),
    owner_user_id: z.uuid(),
    client_id: z.string(),
    project_id: z.string().nullable(),
    config: jsonObject,
    is_active: z.boolean(),
    created_at: time,
    updated_at: time,
  })
  .openapi("PersonaInstance");

export const createInstanceSchema = z
  .strictObject({
    template_id: z.uuid(),
    name: name.optional(),
    instance_name: name.optional(),
    project_id: z.uuid().optional(),
    config: jsonObject.optional(),
  })
  .refine((body) => body.name !== undefined || body.instance_name !== undefined, {
    path: ["name"],
    message: "Give the instance a name",
  })
  .openapi("CreateInstance");
export type CreateInstance = z.infer<typeof createInstanceSchema>;

export const executeSchema = z
  .strictObject({
    action: z.string().max(64).optional(),
    input: jsonObject.default({}),
    fuel_budget: z.number().int().min(1).max(1_000_000).optional(),
    priority: z.enum(lanes).optional(),
  })
  .openapi("Execute", { example: { input: { topic: "tea at high altitude" } } });
export type Execute = z.infer<typeof executeSchema>;

export const acceptedRunSchema = z
  .object({ correlation_id: z.string(), status: z.string(), events_url: z.string() })
  .openapi("AcceptedRun");

export const resumeSchema = z
  .strictObject({ approved: z.boolean(), feedback: z.string().max(10_000).optional() })
  .openapi("Resume");
