import { z } from "zod";
import { TaskError } from "#src/engine/task-error.ts";
import type { TextSubject } from "#src/objects/texts-api.ts";
import { asked, type GenerationRequest, type TextModels } from "#src/providers/index.ts";
import { openTexts, type TextCourier } from "#src/realtime/index.ts";
import type { TaskOutcome, TaskWork } from "#src/tasks/index.ts";
import { type AgentSettings, agentSettings } from "./agent-settings.ts";
import { dataBlock, dataBlockRule, dataBlocks } from "./data-blocks.ts";
import { generate } from "./generate.ts";
import { outputForm } from "./output-schema.ts";
import { structuredAnswer } from "./structured-answer.ts";
import { turnMessages, turnOutput, turnTools } from "./turn-messages.ts";

const inputSchema = z.looseObject({
  prompt: z.unknown(),
  /** Of this step only; null lifts the persona's own. */
  output_schema: z.record(z.string(), z.unknown()).nullish(),
});

function inputOf({ assignment }: TaskWork) {
  const parsed = inputSchema.safeParse(assignment.input);
  if (parsed.success) return parsed.data;
  throw new TaskError("VALIDATION_ERROR", z.prettifyError(parsed.error));
}

/** Parts of the user's turn: the prompt as such, everything else as data. */
function userTurn(prompt: unknown, data: Record<string, unknown>, memories: readonly string[]): string[] {
  const blocks = dataBlocks(data);
  if (memories.length > 0) blocks.push(dataBlock("memories", memories));
  return [...blocks, typeof prompt === "string" ? prompt : "Do your work with the data given."];
}

/**
 * The data-driven agent: renders its input into a prompt and streams the text, or
 * answers in the form of its `output_schema` (docs/agents.md#the-text-agent).
 */
export async function writeText(
  task: TaskWork,
  providers: TextModels,
  couriers: readonly TextCourier[],
): Promise<TaskOutcome> {
  const { assignment } = task;
  const settings = agentSettings(assignment, assignment.config, providers.models);
  const { prompt, output_schema, ...data } = inputOf(task);
  const user = userTurn(prompt, data, assignment.memories);
  const request = {
    model: settings.model,
    maxTokens: settings.max_tokens,
    temperature: settings.temperature,
    effort: settings.effort,
    system: [settings.system_prompt, settings.custom_prompt, dataBlockRule].filter(Boolean).join("\n\n"),
  };
  const form = output_schema === undefined ? settings.output_schema : output_schema;
  const { transcript } = assignment;
  if (form && transcript)
    throw new TaskError(
      "AGENT_CONFIG_INVALID",
      "A step with tools answers in words, and takes no output_schema",
    );
  if (transcript) {
    const messages = [...asked(...user), ...turnMessages(transcript)];
    return streamed(task, providers, { ...request, messages, ...turnTools(transcript) }, settings, couriers);
  }
  return form
    ? structured(task, providers, { ...request, user }, form)
    : streamed(task, providers, { ...request, messages: asked(...user) }, settings, couriers);
}

async function streamed(
  task: TaskWork,
  providers: TextModels,
  request: GenerationRequest,
  { model }: AgentSettings,
  couriers: readonly TextCourier[],
): Promise<TaskOutcome> {
  const live = openTexts(couriers, subjectOf(task), task.assignment.attempt);
  try {
    const answer = await generate(task, providers, request, {
      onTry: () => live.restart(),
      onText: (piece) => live.add(piece),
    });
    // Whoever watches has all of the text before they hear that it is there.
    await live.finish();
    const { text, stopReason } = answer;
    const turn = task.assignment.transcript ? turnOutput(answer) : {};
    return { output: { text, model, stop_reason: stopReason, ...turn } };
  } finally {
    live.close();
  }
}

const subjectOf = ({ assignment }: TaskWork): TextSubject => ({
  runId: assignment.rootId ?? assignment.correlationId,
  taskId: assignment.taskId,
  step: assignment.stepName,
  instanceId: assignment.instanceId,
  ownerUserId: assignment.userId,
});

async function structured(
  task: TaskWork,
  providers: TextModels,
  request: Omit<GenerationRequest, "messages"> & { user: readonly string[] },
  schema: Record<string, unknown>,
): Promise<TaskOutcome> {
  const { inputSchema: toolSchema, check } = outputForm(schema);
  const tool = { name: "hand_in", description: "Hands in the finished work.", inputSchema: toolSchema };
  const data = await structuredAnswer(task, providers, { ...request, tool }, check);
  return { output: { data, text: JSON.stringify(data), model: request.model, stop_reason: "tool_use" } };
}
