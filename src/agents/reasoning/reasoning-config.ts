import { z } from "zod";
import { TaskError } from "#src/engine/task-error.ts";
import type { TaskAssignment } from "#src/objects/tasks-api.ts";
import type { ModelTable } from "#src/providers/index.ts";
import { type AgentSettings, agentSettings } from "../agent-settings.ts";

const configSchema = z.object({
  max_reasoning_steps: z.number().int().min(1).max(50).default(10),
  reasoning_style: z.enum(["analytical", "creative", "balanced"]).default("balanced"),
  output_format: z.enum(["structured", "narrative"]).default("structured"),
  enable_assumptions: z.boolean().default(true),
  /** A less confident result is an error (docs/agents.md#the-reasoning-agent); 0 lets every one pass. */
  confidence_threshold: z.number().min(0).max(1).default(0.7),
  /** Each option by a call of its own, side by side. */
  parallel_evaluation: z.boolean().default(false),
  memory_enabled: z.boolean().default(true),
  memory_context_limit: z.number().int().min(0).max(50).default(5),
});

export type ReasoningConfig = z.infer<typeof configSchema> &
  Pick<AgentSettings, "model" | "effort"> & {
    temperature: number | undefined;
    maxTokens: number;
  };

/**
 * The reasoning agent's settings: `config.reasoning` of the instance over the
 * definition's defaults. The instance's own model is for its texts.
 * @throws TaskError `AGENT_CONFIG_INVALID`, `MODEL_UNKNOWN`
 */
export function reasoningConfig(assignment: TaskAssignment, models: ModelTable): ReasoningConfig {
  const own = z.record(z.string(), z.unknown()).catch({}).parse(assignment.config.reasoning);
  const { model, temperature, effort, max_tokens } = agentSettings(assignment, own, models);
  const parsed = configSchema.safeParse({ ...assignment.agent?.defaultConfig, ...own });
  if (!parsed.success) throw new TaskError("AGENT_CONFIG_INVALID", z.prettifyError(parsed.error));
  return { ...parsed.data, model, temperature, effort, maxTokens: max_tokens };
}
