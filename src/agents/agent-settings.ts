import { z } from "zod";
import { TaskError } from "../messaging/task-error.ts";
import { resolveModel } from "../providers/anthropic/models.ts";
import type { TaskAssignment } from "../workflows/tenant-workflows-api.ts";

const settingsSchema = z.object({
  model: z.string().max(100).default("claude-sonnet-5-5"),
  temperature: z.number().min(0).max(1).optional(),
  max_tokens: z.number().int().min(1).max(64_000).default(2048),
  system_prompt: z.string().max(100_000).default(""),
  custom_prompt: z.string().max(100_000).default(""),
});

export type AgentSettings = z.infer<typeof settingsSchema>;

/**
 * Model settings and prompts of an agent: the given config over its definition's defaults.
 * @throws TaskError when a setting is unusable or the model unknown
 */
export function agentSettings({ agent }: TaskAssignment, config: Record<string, unknown>): AgentSettings {
  const parsed = settingsSchema.safeParse({ ...agent?.defaultConfig, ...config });
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new TaskError("AGENT_CONFIG_INVALID", `The agent's config is not usable: ${fields.join("; ")}`);
  }
  const model = resolveModel(parsed.data.model);
  if (!model) throw new TaskError("MODEL_UNKNOWN", `The model ${parsed.data.model} is not known`);
  return { ...parsed.data, model };
}
