import Anthropic, { APIConnectionError, APIError } from "@anthropic-ai/sdk";
import { AnswerTooLargeError, boundedFetch } from "../bounded-fetch.ts";
import { isRetryableStatus, ProviderError, retryAfterOf } from "../provider-error.ts";
import type { Upstream } from "../upstream.ts";
import { costMicros, knownModels, type ModelTable, modelOf } from "./models.ts";

/** Text generation gives up after this (spec 04-agents). */
const textTimeoutMs = 60_000;
/** Many times the longest text that a model writes, with its events around it. */
const maxAnswerBytes = 8 * 1024 * 1024;
/** Room for a model's thoughts beside the text, because both count against `max_tokens`. */
const thinkingTokens = 8192;

export const efforts = ["low", "medium", "high", "xhigh", "max"] as const;

export interface GenerationRequest {
  /** As `resolveModel` gives it. */
  model: string;
  /** Longest answer, thoughts not counted. */
  maxTokens: number;
  /** Left out for models that take none. */
  temperature?: number;
  /** How much a thinking model thinks. */
  effort?: (typeof efforts)[number];
  system: string;
  /** Parts of the user's turn. */
  user: readonly string[];
  /** A tool that the model is asked to hand its answer in with. */
  tool?: { name: string; description: string; inputSchema: Record<string, unknown> };
}

export interface Generation {
  text: string;
  /** Input of the tool call; undefined when the model answered in words. */
  toolInput: unknown;
  stopReason: string | null;
}

/** What one call cost, also one that failed after the model had begun. */
export interface CallCost {
  model: string;
  tokensIn: number;
  tokensOut: number;
  costMicros: number;
}

export interface CallOptions {
  signal: AbortSignal;
  /** Stable over the tries of one call. */
  idempotencyKey: string;
  onText?: (delta: string) => void;
  onCost: (cost: CallCost) => void;
}

const aiError = (message: string, options: ConstructorParameters<typeof ProviderError>[2]) =>
  new ProviderError("AI_SERVICE_ERROR", message, options);

/** The Anthropic Messages API, always streamed, behind the platform's own errors. */
export class AnthropicClient {
  readonly #sdk: Anthropic;
  readonly #models: ModelTable;
  readonly #timeoutMs: number;

  constructor(
    { url, key, fetch }: Upstream,
    { models = knownModels, timeoutMs = textTimeoutMs }: { models?: ModelTable; timeoutMs?: number } = {},
  ) {
    this.#models = models;
    this.#timeoutMs = timeoutMs;
    this.#sdk = new Anthropic({
      apiKey: key,
      baseURL: url,
      fetch: boundedFetch(fetch, maxAnswerBytes),
      // One retry layer only: ours, which the circuit breaker sees.
      maxRetries: 0,
      timeout: timeoutMs,
    });
  }

  /**
   * One call: text as it comes to `onText`, all of it in the result.
   * @throws ProviderError `AI_SERVICE_ERROR`
   */
  async generate(request: GenerationRequest, options: CallOptions): Promise<Generation> {
    const { onText, idempotencyKey, onCost } = options;
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    const signal = AbortSignal.any([options.signal, timeout]);
    const stream = this.#sdk.messages.stream(this.#parameters(request), {
      signal,
      headers: { "idempotency-key": idempotencyKey },
    });
    if (onText) stream.on("text", onText);
    try {
      const message = await stream.finalMessage();
      onCost(this.#costOf(request.model, message.usage));
      return generationOf(message);
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      const begun = stream.currentMessage;
      if (begun) onCost(this.#costOf(request.model, begun.usage));
      throw providerError(error, signal.aborted);
    }
  }

  #parameters(request: GenerationRequest): Anthropic.MessageStreamParams {
    const { model, maxTokens, temperature, effort = "low", system, user, tool } = request;
    const { thinks, withoutSampling } = modelOf(model, this.#models) ?? {};
    return {
      model,
      max_tokens: maxTokens + (thinks ? thinkingTokens : 0),
      ...(thinks ? { output_config: { effort } } : {}),
      ...(withoutSampling || temperature === undefined ? {} : { temperature }),
      system,
      messages: [{ role: "user", content: user.map((text) => ({ type: "text", text })) }],
      ...(tool
        ? {
            // Models that think refuse to be forced to a tool, so it is asked for in words.
            tool_choice: { type: "auto", disable_parallel_tool_use: true },
            tools: [
              {
                name: tool.name,
                description: tool.description,
                input_schema: { ...tool.inputSchema, type: "object" },
              },
            ],
          }
        : {}),
    };
  }

  #costOf(model: string, usage: Anthropic.Usage): CallCost {
    const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens, output_tokens } = usage;
    const tokensIn = input_tokens + (cache_creation_input_tokens ?? 0) + (cache_read_input_tokens ?? 0);
    const tokens = { tokensIn, tokensOut: output_tokens };
    return { model, ...tokens, costMicros: costMicros(model, tokens, this.#models) };
  }
}

function generationOf({ content, stop_reason }: Anthropic.Message): Generation {
  if (stop_reason === "refusal")
    throw aiError("The model refused the request", { retryable: false, unhealthy: false });
  // By type: a model that thinks puts its thoughts first.
  const text = content.flatMap((block) => (block.type === "text" ? block.text : [])).join("");
  const toolInput = content.find((block) => block.type === "tool_use")?.input;
  if (text.trim() !== "" || toolInput !== undefined) return { text, toolInput, stopReason: stop_reason };
  throw stop_reason === "max_tokens"
    ? aiError("The model used up max_tokens before it had written anything", { retryable: false })
    : aiError("The model answered nothing", { retryable: true, unhealthy: false });
}

/** The errors below an error, itself first. */
function* causesOf(error: unknown): Generator<unknown> {
  for (let cause = error; cause !== undefined; cause = cause instanceof Error ? cause.cause : undefined)
    yield cause;
}

/** The SDK's errors in our terms; the upstream's words stay in the cause, for the log. */
function providerError(error: unknown, timedOut: boolean): ProviderError {
  const tooLarge = [...causesOf(error)].find((cause) => cause instanceof AnswerTooLargeError);
  if (tooLarge) {
    return aiError("The AI service answered too much", {
      retryable: false,
      unhealthy: true,
      cause: tooLarge,
    });
  }
  if (timedOut) return aiError("The AI service took too long", { retryable: true, timedOut, cause: error });
  if (error instanceof APIConnectionError) {
    return aiError("The AI service could not be reached", { retryable: true, cause: error });
  }
  if (error instanceof APIError && typeof error.status === "number") {
    return aiError(`The AI service answered ${error.status}`, {
      retryable: isRetryableStatus(error.status),
      retryAfterMs: retryAfterOf(error.headers, Date.now()),
      cause: error,
    });
  }
  return aiError("The AI service's answer broke off", { retryable: true, cause: error });
}
