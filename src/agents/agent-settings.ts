import { z } from "zod";
import { TaskError } from "#src/engine/task-error.ts";
import { issueLines } from "#src/kernel/issues.ts";
import type { TaskAssignment } from "#src/objects/tasks-api.ts";
import { efforts, type ModelTable, resolveModel } from "#src/providers/index.ts";

const settingsSchema = z.object({
  /** The table's ordinary one where none is named. */
  model: z.string().max(100).optional(),
  temperature: z.number().min(0).max(1).optional(),
  max_tokens: z.number().int().min(1).max(64_000).default(2048),
  effort: z.enum(efforts).optional(),
  system_prompt: z.string().max(100_000).default(""),
  custom_prompt: z.string().max(100_000).default(""),
  output_schema: z.record(z.string(), z.unknown()).nullish(),
});

export type AgentSettings = z.infer<typeof settingsSchema> & { model: string };

/**
 * Model settings and prompts of an agent: the given config over its definition's defaults.
 * @throws TaskError when a setting is unusable or the model unknown
 */
export function agentSettings(
  { agent }: TaskAssignment,
  config: Record<string, unknown>,
  models: ModelTable,
): AgentSettings {
  const parsed = settingsSchema.safeParse({ ...agent?.defaultConfig, ...config });
  if (!parsed.success) {
    const fields = issueLines(parsed.error);
    throw new TaskError("AGENT_CONFIG_INVALID", `The agent's config is not usable: ${fields.join("; ")}`);
  }
  const { model: asked = models.ordinary } = parsed.data;
  const model = resolveModel(asked, models);
  if (!model) {
    const known = Object.keys(models.models).join(", ");
    throw new TaskError("MODEL_UNKNOWN", `The model ${asked} is not known`, { details: { known } });
  }
  return { ...parsed.data, model };
}
