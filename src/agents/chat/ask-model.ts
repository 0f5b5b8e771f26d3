import { TaskError } from "#src/engine/task-error.ts";
import type { Transcript } from "#src/engine/tool-loop/transcript.ts";
import type { TurnUsage } from "#src/objects/turn-contract.ts";
import { errorFields } from "#src/observability/logger.ts";
import {
  type Generation,
  type GenerationRequest,
  modelOf,
  ordinaryWindow,
  type PromptMessage,
  ProviderError,
  type TextModels,
} from "#src/providers/index.ts";
import type { TaskWork } from "#src/tasks/index.ts";
import type { AgentSettings } from "../agent-settings.ts";
import { generate } from "../generate.ts";
import { turnMessages, turnTools } from "../turn-messages.ts";
import type { AttachedFiles } from "./attached.ts";
import { type Asked, chatPrompt, reserve } from "./chat-prompt.ts";
import { joinedTurns } from "./joined-turns.ts";
import { toolsCalledIn } from "./said-turns.ts";
import { bytesOf, ordinaryRate, piecesOf, tokensOf, tokensOfFiles } from "./tokens.ts";

/** Room for the thoughts of a model beside its answer, in tokens. */
const thoughts = 8192;

/** Of the window, what is filled when the provider has said that it was too much. */
const smaller = 0.7;

/** What a turn is about. */
export interface Question {
  asked: Asked;
  /** What came with its messages. */
  files: AttachedFiles;
  transcript: Transcript;
}

interface Watching {
  onTry: () => void;
  onText: (piece: string) => void;
  onUsage: (used: TurnUsage) => void;
}

/** What a call has read, of which window. */
export interface CallReading {
  tokens: number;
  bytes: number;
  window: number;
}

/**
 * What the model may ask for. Where that is nothing any more, but was in what it is told, those tools are told of: a model
 * is never shown calls of what there is not.
 */
function toolsFor(
  transcript: Transcript,
  told: readonly PromptMessage[],
): Pick<GenerationRequest, "tools" | "calls"> {
  if (transcript.tools.length > 0) return turnTools(transcript);
  const description = "Not there any more.";
  const tools = toolsCalledIn(told).map((name) => ({ name, description, inputSchema: {} }));
  return { tools, calls: "none" };
}

/** A request that fits so much of a window. What was said before the newest message is read again by later calls. */
function requestFor(
  { asked, transcript, files }: Question,
  { model, max_tokens: maxTokens, temperature, effort }: AgentSettings,
  window: number,
): GenerationRequest {
  const rounds = turnMessages(transcript);
  const rate = asked.tokensPerByte ?? ordinaryRate;
  const answer = maxTokens + thoughts + tokensOf(JSON.stringify([rounds, transcript.tools]), rate);
  const { system, messages } = chatPrompt(asked, { window, answer }, files);
  const told = joinedTurns([...messages, ...rounds]);
  const settled = { model, maxTokens, temperature, effort, system };
  return { ...settled, messages: told, ...toolsFor(transcript, told), caches: true };
}

/** How many bytes of text a request has, and of a file what its tokens would be in text. */
function bytesIn({ system, messages, tools }: GenerationRequest): number {
  const files = messages.reduce((sum, turn) => sum + tokensOfFiles(turn), 0);
  const texts = [system, JSON.stringify(tools), ...messages.flatMap(piecesOf)];
  return texts.reduce((sum, text) => sum + bytesOf(text), Math.ceil(files / ordinaryRate));
}

/** What a request may read at most, in tokens: what the answer and the thoughts before it leave of the window. */
const boundOf = (window: number, { maxTokens }: GenerationRequest): number =>
  Math.floor(window * (1 - reserve)) - maxTokens - thoughts;

/** From this share of what may be read on, the provider is asked how much it is. */
const closeShare = 0.9;

/** How long it is waited for that. */
const countMs = 5000;

/** What a request comes to by the provider's own count; undefined where that is not to be had. */
async function counted(
  { signal, logger }: TaskWork,
  { textModel }: TextModels,
  request: GenerationRequest,
): Promise<number | undefined> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(countMs)]);
  try {
    return await textModel(request.model).service.countTokens?.(request, { signal: patience });
  } catch (error) {
    logger.warn("tokens were not counted; the estimate stands", errorFields(error));
    return undefined;
  }
}

const isTooLong = (error: unknown): boolean => error instanceof ProviderError && error.isTooLong;

/**
 * One call of the model for a turn. What the provider finds too long is asked once more, with less of it.
 * @throws TaskError `CONTEXT_TOO_LARGE` where that is too long as well
 */
export async function askModel(
  task: TaskWork,
  providers: TextModels,
  settings: AgentSettings,
  question: Question,
  { onTry, onText, onUsage }: Watching,
): Promise<{ answer: Generation; reading: CallReading }> {
  const window = modelOf(settings.model, providers.models)?.window ?? ordinaryWindow;
  const fitting = (share: number) => requestFor(question, settings, Math.floor(window * share));
  /** What is close to the bound by our estimate is counted, and made smaller where it is beyond. */
  const checked = async (request: GenerationRequest): Promise<GenerationRequest> => {
    const bound = boundOf(window, request);
    if (bytesIn(request) * (question.asked.tokensPerByte ?? ordinaryRate) < closeShare * bound)
      return request;
    const tokens = (await counted(task, providers, request)) ?? 0;
    return tokens > bound ? fitting((closeShare * bound) / tokens) : request;
  };
  const ask = async (share: number, part?: string) => {
    const request = await checked(fitting(share));
    let tokens = 0;
    const answer = await generate(task, providers, request, {
      ...(part === undefined ? {} : { part }),
      onTry,
      onText,
      onCost: ({ tokensIn, tokensOut, tokensCached }) => {
        tokens = tokensIn;
        onUsage({
          input_tokens: tokensIn,
          output_tokens: tokensOut,
          cached_tokens: tokensCached?.read ?? 0,
        });
      },
    });
    return { answer, reading: { tokens, bytes: bytesIn(request), window } };
  };
  try {
    return await ask(1);
  } catch (error) {
    if (!isTooLong(error)) throw error;
  }
  try {
    return await ask(smaller, "smaller");
  } catch (error) {
    if (!isTooLong(error)) throw error;
    throw new TaskError("CONTEXT_TOO_LARGE", "What is to be read is longer than the model reads", {
      cause: error,
    });
  }
}
