import { z } from "@hono/zod-openapi";
import { agentCategories } from "#src/db/schema/personas.ts";
import { jsonBytes } from "#src/engine/limits.ts";
import { pageFields } from "#src/http/page.ts";
import { jsonObject } from "#src/kernel/json-object.ts";
import { ownerSchema } from "#src/tenants/index.ts";

const maxConfigBytes = 64 * 1024;
const time = z.iso.datetime();

/** A type is part of a topic and of addresses, and never looks like an id. */
const agentTypeSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{1,62}$/, "2 to 63 lower-case letters, digits, _ and -, a letter first")
  .refine((type) => !z.uuid().safeParse(type).success, "Must not look like an id")
  .openapi({ example: "translator" });

const fields = {
  display_name: z.string().trim().min(1).max(255),
  description: z.string().max(2000),
  category: z.enum(agentCategories),
  default_config: jsonObject.refine(
    (config) => jsonBytes(config) <= maxConfigBytes,
    `At most ${maxConfigBytes / 1024} KiB`,
  ),
};

export const agentDefinitionSchema = z
  .object({
    id: z.uuid(),
    client_id: ownerSchema,
    type: z.string(),
    topic: z.string().openapi({ description: "Where steps send tasks for this agent" }),
    display_name: z.string(),
    description: z.string(),
    category: z.enum(agentCategories),
    default_config: z.record(z.string(), z.unknown()),
    is_active: z.boolean(),
    created_at: time,
    updated_at: time,
  })
  .openapi("AgentDefinition");

export const agentDefinitionListSchema = z
  .object({ definitions: z.array(agentDefinitionSchema), ...pageFields })
  .openapi("AgentDefinitionList");

export const agentDefinitionParams = z.object({
  agent_definition: z
    .string()
    .regex(/^[a-z0-9_-]{2,63}$/)
    .openapi({ description: "Id or type name", example: "copywriter" }),
});

export const createAgentDefinitionSchema = z
  .strictObject({
    type: agentTypeSchema,
    ...fields,
    description: fields.description.default(""),
    default_config: fields.default_config.default({}),
  })
  .openapi("CreateAgentDefinition");

export const updateAgentDefinitionSchema = z
  .strictObject({ ...fields, is_active: z.boolean() })
  .partial()
  .openapi("UpdateAgentDefinition", { example: { default_config: { temperature: 0.2 } } });
