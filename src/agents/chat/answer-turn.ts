import { agentRemembers, memoryConfigOf } from "#src/engine/memory-config.ts";
import { TaskError } from "#src/engine/task-error.ts";
import {
  type StaleCode,
  type TurnContext,
  type TurnsApi,
  type TurnTools,
  turnInputSchema,
} from "#src/objects/turn-contract.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { TextModels } from "#src/providers/index.ts";
import type { TaskOutcome, TaskWork } from "#src/tasks/index.ts";
import { agentSettings } from "../agent-settings.ts";
import { AnswerCourier } from "./answer-courier.ts";
import { noRounds, noUsage, partsOf, roundOutput, sumOf, textBefore, usageBefore } from "./answer-rounds.ts";
import { askModel } from "./ask-model.ts";
import { attachedFiles, type ReadAttachment } from "./attached.ts";
import { describedPerson, learn, type Persons } from "./known-person.ts";
import { stubbornly } from "./stubbornly.ts";
import { toolsBegun, toolsOver } from "./turn-tools.ts";

/** What is remembered that fits what was last said; an answer without it is poorer, and an answer. */
async function recalled(
  { assignment, tenant, logger }: Pick<TaskWork, "assignment" | "tenant" | "logger">,
  { messages }: TurnContext,
): Promise<string[]> {
  const { agent, config } = assignment;
  const agents = agent ? { [agent.type]: agent } : {};
  if (!memoryConfigOf(config).enabled && !agentRemembers({ config, agents }, assignment.topic)) return [];
  const newest = messages.findLast(({ role }) => role === "user")?.content ?? "";
  try {
    return await tenant.recallMemories(assignment.taskId, assignment.attempt, newest);
  } catch (error) {
    logger.warn("memories of a turn were not recalled", errorFields(error));
    return [];
  }
}

interface TurnWorld {
  providers: TextModels;
  /** Gives a fresh stub each time. */
  conversationOf(conversationId: string): TurnsApi;
  /** Reads what came with the messages of a conversation. */
  filesOf(conversationId: string): ReadAttachment;
  /** What is known of persons: a fresh stub each time. */
  persons(): Persons;
}

/** What a run shows of a turn that is not to be answered any more: nothing has been written, and nothing failed. */
const givenUp = (code: StaleCode): TaskOutcome => ({ output: { given_up: code }, fuelUsed: 0 });

/**
 * Answers a turn of a conversation: asks it for the context of now, hands the text over as it is written, and closes
 * the answer. The run keeps how long the text is, not the text: that is the conversation's. With tools it keeps of each
 * round what the next one needs: what was said and called in it.
 * @throws TaskError when the settings are unusable, or the answer is longer than answers may be
 */
export async function answerTurn(
  task: TaskWork,
  { providers, conversationOf, filesOf, persons }: TurnWorld,
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
  const { model } = settings;
  const transcript = assignment.transcript ?? noRounds;
  const files = await attachedFiles(context.messages, filesOf(input.conversation_id));
  const [memories, about] = await Promise.all([
    recalled(task, context),
    describedPerson(task, persons, context),
  ]);
  const question = { asked: { ...context, memories, about }, files, transcript };
  const noteTools = async (tools: TurnTools["tools"]) => {
    if (tools.length > 0) await conversation().noteTools({ ...key, tools });
  };
  await noteTools(toolsOver(transcript));
  const before = textBefore(transcript);
  const courier = new AnswerCourier(conversation, key, logger, before);
  let usage = noUsage;
  try {
    const work = { ...task, signal: AbortSignal.any([signal, courier.signal]) };
    const { answer, reading } = await askModel(work, providers, settings, question, {
      onTry: () => courier.restart(),
      onText: (piece) => courier.add(piece),
      onUsage: (used) => {
        usage = sumOf(usage, used);
      },
    });
    if (answer.calls.length > 0 && !transcript.isLast) {
      await noteTools(toolsBegun(transcript, answer));
      return { output: roundOutput(answer, model, usage) };
    }
    const attempt = await courier.finish();
    if (attempt === undefined) return givenUp(courier.stale ?? "ENDED");
    await learn(task, persons, transcript, context);
    const text = before + answer.text;
    const parts = partsOf(transcript, answer.text);
    const whole = { text, parts, model, usage: sumOf(usageBefore(transcript), usage), reading };
    const closing = { ...key, attempt, ...whole };
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
