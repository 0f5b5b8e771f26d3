import { z } from "@hono/zod-openapi";
import { answeredStepSchema, feedbackSchema } from "#src/engine/feedback.ts";
import { jsonBytes, limits } from "#src/engine/limits.ts";
import { planSchema } from "#src/engine/plans/plan.ts";
import { planProblemSchema } from "#src/engine/plans/plan-problem.ts";
import { workflowNameSchema } from "#src/engine/plans/workflow-name.ts";
import { lanes } from "#src/engine/topics.ts";
import { pageFields } from "#src/http/page.ts";
import { isShallow, jsonObject, tooDeep } from "#src/kernel/json-object.ts";
import { ownerSchema } from "#src/tenants/owner-schema.ts";
import { schemaProblems } from "./templates/check-schema.ts";

const name = z.string().trim().min(1).max(255);
const time = z.iso.datetime();

/** A JSON Schema (2020-12) that can be applied as it stands. */
const jsonSchema = jsonObject.superRefine((schema, context) => {
  for (const { path, message } of schemaProblems(schema)) context.addIssue({ code: "custom", path, message });
});

/** A plan, or the name of the workflow definition whose latest version is one when a run starts. */
const workflow = z.union([planSchema, workflowNameSchema]);

/** The plan of a persona that has none: a text about its input. */
const oneTextStep = planSchema.parse({
  start_step: "write",
  steps: { write: { action: "ai_text_generate" } },
});

/** What a persona is made of. Unknown keys are kept. */
export const personaConfigSchema = z
  .looseObject({
    model: z.string().max(100).optional(),
    temperature: z.number().min(0).max(1).optional(),
    max_tokens: z.number().int().min(1).max(64_000).optional(),
    system_prompt: z.string().max(100_000).optional(),
    custom_prompt: z.string().max(100_000).optional(),
    workflow: workflow.default(oneTextStep).openapi({ description: "One text step when left out" }),
    memory_config: jsonObject.optional(),
    input_schema: jsonSchema.optional(),
    output_schema: jsonSchema.optional(),
  })
  .refine(isShallow, tooDeep)
  .refine((config) => jsonBytes(config) <= limits.configBytes, `At most ${limits.configBytes / 1024} KiB`)
  .openapi("PersonaConfig");
export type PersonaConfig = z.infer<typeof personaConfigSchema>;

/** A config as it is stored: checked when it was written, so only its shape is read. */
export const storedConfigSchema = z.looseObject({
  workflow,
  input_schema: jsonObject.optional(),
});

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
  name,
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
  .strictObject({ ...templateFields, is_active: z.boolean() })
  .partial()
  .openapi("UpdateTemplate", { example: { description: "Writes shorter texts" } });

export const cloneTemplateSchema = z.strictObject({ name: name.optional() }).openapi("CloneTemplate");

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

export const instanceSchema = z
  .object({
    id: z.uuid(),
    template_id: z.uuid(),
    template_version: z.number().int(),
    name: z.string(),
    description: z.string().openapi({ description: "What its template is for" }),
    category: z.string().openapi({ description: "Category of its template" }),
    owner_user_id: z.uuid(),
    client_id: z.string(),
    project_id: z.string().nullable(),
    config: z.record(z.string(), z.unknown()),
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

export const updateInstanceSchema = z
  .strictObject({
    name: name.optional(),
    instance_name: name.optional(),
    project_id: z.uuid().nullable().optional(),
    config: jsonObject.optional(),
  })
  .openapi("UpdateInstance", { example: { config: { temperature: 0.2 } } });
export type UpdateInstance = z.infer<typeof updateInstanceSchema>;

export const executeSchema = z
  .strictObject({
    action: z.string().max(64).optional(),
    input: jsonObject.default({}),
    fuel_budget: z.number().int().min(1).max(1_000_000).optional().openapi({
      description: "Fuel units; the tier's default when left out, and never more than it",
    }),
    priority: z
      .enum(lanes)
      .optional()
      .openapi({ description: "A lane below the one of the tier; a higher one is ignored" }),
  })
  .openapi("Execute", { example: { input: { topic: "tea at high altitude" } } });
export type Execute = z.infer<typeof executeSchema>;

export const acceptedRunSchema = z
  .object({ correlation_id: z.string(), status: z.string(), events_url: z.string() })
  .openapi("AcceptedRun");

export const resumeSchema = z
  .strictObject({ approved: z.boolean(), step: answeredStepSchema, feedback: feedbackSchema.optional() })
  .openapi("Resume", { example: { approved: true, feedback: "Good work" } });
export type Resume = z.infer<typeof resumeSchema>;

export const stopSchema = z
  .strictObject({ correlation_id: z.uuid().optional(), reason: z.string().trim().min(1).max(500).optional() })
  .openapi("StopInstance");

export const stoppedSchema = z
  .object({ instance_id: z.uuid(), stopped: z.array(z.string()), count: z.number().int() })
  .openapi("StoppedInstance");
