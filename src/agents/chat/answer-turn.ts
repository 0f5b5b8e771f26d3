import { memoryConfigOf } from "#src/engine/memory-config.ts";
import { TaskError } from "#src/engine/task-error.ts";
import type { Transcript } from "#src/engine/tool-loop/transcript.ts";
import {
  type StaleCode,
  type TurnContext,
  type TurnsApi,
  type TurnTools,
  turnInputSchema,
} from "#src/objects/turn-contract.ts";
import { errorFields } from "#src/observability/logger.ts";
import { modelOf, ordinaryWindow, type PromptMessage, type TextModels } from "#src/providers/index.ts";
import type { TaskOutcome, TaskWork } from "#src/tasks/index.ts";
import { agentSettings } from "../agent-settings.ts";
import { generate } from "../generate.ts";
import { turnMessages, turnTools } from "../turn-messages.ts";
import { AnswerCourier } from "./answer-courier.ts";
import { noRounds, partsOf, roundOutput, sumOf, textBefore, usageBefore } from "./answer-rounds.ts";
import { attachedFiles, type ReadAttachment } from "./attached.ts";
import { chatPrompt } from "./chat-prompt.ts";
import { joinedTurns } from "./joined-turns.ts";
import { toolsCalledIn } from "./said-turns.ts";
import { stubbornly } from "./stubbornly.ts";
import { tokensOf } from "./tokens.ts";
import { toolsBegun, toolsOver } from "./turn-tools.ts";

/** Room for the thoughts of a model beside its answer, in tokens. */
const thoughts = 8192;

/**
 * What the model may ask for. Where that is nothing any more, but was in what it is told, those tools are told of: a model
 * is never shown calls of what there is not.
 */
function toolsFor(transcript: Transcript, told: readonly PromptMessage[]) {
  if (transcript.tools.length > 0) return turnTools(transcript);
  const tools = toolsCalledIn(told).map((name) => ({
    name,
    description: "Not there any more.",
    inputSchema: {},
  }));
  return { tools, calls: "none" as const };
}

/** What is remembered that fits what was last said; an answer without it is poorer, and an answer. */
async function recalled(
  { assignment, tenant, logger }: Pick<TaskWork, "assignment" | "tenant" | "logger">,
  { messages }: TurnContext,
): Promise<string[]> {
  if (!memoryConfigOf(assignment.config).enabled) return [];
  const newest = messages.findLast(({ role }) => role === "user")?.content ?? "";
  try {
    return await tenant.recallMemories(assignment.taskId, assignment.attempt, newest);
  } catch (error) {
    logger.warn("memories of a turn were not recalled", errorFields(error));
    return [];
  }
}

/** What a run shows of a turn that is not to be answered any more: nothing has been written, and nothing failed. */
const givenUp = (code: StaleCode): TaskOutcome => ({ output: { given_up: code }, fuelUsed: 0 });

/**
 * Answers a turn of a conversation: asks it for the context of now, hands the text over as it is written, and closes
 * the answer. The run keeps how long the text is, not the text: that is the conversation's. With tools it keeps of each
 * round what the next one needs: what was said and called in it.
 * @param conversationOf gives a fresh stub each time
 * @param filesOf reads what came with the messages of a conversation
 * @throws TaskError when the settings are unusable, or the answer is longer than answers may be
 */
export async function answerTurn(
  task: TaskWork,
  providers: TextModels,
  conversationOf: (conversationId: string) => TurnsApi,
  filesOf: (conversationId: string) => ReadAttachment,
): Promise<TaskOutcome> {
  const { assignment, logger, signal } = task;
  const input = turnInputSchema.parse(assignment.input);
  const key = { turnId: input.turn_id, epoch: input.epoch };
  const conversation = () => conversationOf(input.conversation_id);
  const asked = await conversation().contextOf(key);
  if (!asked.ok) return givenUp(asked.code);
  const { context } = asked;
  const config = { ...assignment.config, ...(context.model === null ? {} : { model: context.model }) };
  const settings = agentSettings(assignment, config, providers.models);
  const { model, max_tokens: maxTokens, temperature, effort } = settings;
  const window = modelOf(model, providers.models)?.window ?? ordinaryWindow;
  const transcript = assignment.transcript ?? noRounds;
  const rounds = turnMessages(transcript);
  const kept = maxTokens + thoughts + tokensOf(JSON.stringify([rounds, transcript.tools]));
  const memories = await recalled(task, context);
  const files = await attachedFiles(context.messages, filesOf(input.conversation_id));
  const { system, messages } = chatPrompt({ ...context, memories }, { window, answer: kept }, files);
  const settled = { model, maxTokens, temperature, effort, system };
  const told = joinedTurns([...messages, ...rounds]);
  const request = { ...settled, messages: told, ...toolsFor(transcript, told) };
  const noteTools = async (tools: TurnTools["tools"]) => {
    if (tools.length > 0) await conversation().noteTools({ ...key, tools });
  };
  await noteTools(toolsOver(transcript));
  const before = textBefore(transcript);
  const courier = new AnswerCourier(conversation, key, logger, before);
  const usage = { input_tokens: 0, output_tokens: 0 };
  try {
    const work = { ...task, signal: AbortSignal.any([signal, courier.signal]) };
    const answer = await generate(work, providers, request, {
      onTry: () => courier.restart(),
      onText: (piece) => courier.add(piece),
      onCost: ({ tokensIn, tokensOut }) => {
        usage.input_tokens += tokensIn;
        usage.output_tokens += tokensOut;
      },
    });
    if (answer.calls.length > 0 && !transcript.isLast) {
      await noteTools(toolsBegun(transcript, answer));
      return { output: roundOutput(answer, model, usage) };
    }
    const attempt = await courier.finish();
    if (attempt === undefined) return givenUp(courier.stale ?? "ENDED");
    const text = before + answer.text;
    const parts = partsOf(transcript, answer.text);
    const closing = { ...key, attempt, text, parts, model, usage: sumOf(usageBefore(transcript), usage) };
    const closed = await stubbornly().execute(() => conversation().closeTurn(closing));
    if (closed.ok) return { output: { text_length: text.length, model, stop_reason: answer.stopReason } };
    if (closed.code === "TOO_LONG")
      throw new TaskError("AI_SERVICE_ERROR", "The answer is longer than answers may be");
    return givenUp(closed.code);
  } catch (error) {
    if (courier.stale !== undefined) return givenUp(courier.stale);
    throw error;
  } finally {
    courier.close();
  }
}
