import { z } from "@hono/zod-openapi";
import { jsonBytes, limits } from "#src/engine/limits.ts";
import { planSchema } from "#src/engine/plans/plan.ts";
import { workflowNameSchema } from "#src/engine/plans/workflow-name.ts";
import { toolPolicySchema } from "#src/engine/tool-loop/tool-policy.ts";
import { isShallow, jsonObject, tooDeep } from "#src/kernel/json-object.ts";
import { schemaProblems } from "./templates/check-schema.ts";

/** The name of a template or of an instance. */
export const nameSchema = z.string().trim().min(1).max(255);

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
    tool_policy: toolPolicySchema.optional().openapi({
      description:
        "Which tools its steps may use: deny beats ask, ask beats allow, what is not named is allowed",
    }),
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
