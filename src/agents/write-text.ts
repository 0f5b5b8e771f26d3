import type { TaskWork } from "../messaging/consume-tasks.ts";
import type { AnthropicClient } from "../providers/anthropic/anthropic-client.ts";
import { costMicros } from "../providers/anthropic/models.ts";
import type { CircuitBreakerApi } from "../providers/circuit-breaker-api.ts";
import { guardedCall } from "../providers/guarded-call.ts";
import type { TaskResult } from "../workflows/task-report.ts";
import { agentSettings } from "./agent-settings.ts";
import { dataBlock, dataBlockRule } from "./data-blocks.ts";
import { DeltaReporter } from "./delta-reporter.ts";

/** The provider as the agents use it. */
export interface AgentProviders {
  anthropic: AnthropicClient;
  breaker: CircuitBreakerApi;
}

/** Parts of the user's turn: the prompt as such, everything else as data. */
function userTurn(input: Record<string, unknown>, memories: readonly string[]) {
  const { prompt, ...rest } = input;
  const blocks = Object.entries(rest)
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([key, value]) => dataBlock(key, value));
  if (memories.length > 0) blocks.push(dataBlock("memories", memories));
  const instruction = typeof prompt === "string" ? prompt : "Do your work with the data given.";
  return [...blocks, instruction].map((text) => ({ type: "text" as const, text }));
}

/** The data-driven agent: renders its input into a prompt and streams the text (spec 04-agents, "Agent worker"). */
export async function writeText(task: TaskWork, { anthropic, breaker }: AgentProviders): Promise<TaskResult> {
  const begun = Date.now();
  const { assignment, signal } = task;
  const { model, temperature, max_tokens, system_prompt, custom_prompt } = agentSettings(
    assignment,
    assignment.config,
  );
  const request = {
    model,
    max_tokens,
    ...(temperature === undefined ? {} : { temperature }),
    system: [system_prompt, custom_prompt, dataBlockRule].filter(Boolean).join("\n\n"),
    messages: [{ role: "user" as const, content: userTurn(assignment.input, assignment.memories) }],
  };
  const deltas = new DeltaReporter(task);
  const generation = await guardedCall("anthropic", breaker, () => {
    deltas.restart();
    const { idempotencyKey } = assignment;
    return anthropic.stream(request, { onText: (delta) => deltas.add(delta), signal, idempotencyKey });
  });
  const { text, stopReason, tokensIn, tokensOut } = generation;
  return {
    output: { text, model, stop_reason: stopReason },
    rest: deltas.rest(),
    usage: {
      model,
      tokensIn,
      tokensOut,
      costMicros: costMicros(model, tokensIn, tokensOut),
      durationMs: Date.now() - begun,
    },
  };
}
