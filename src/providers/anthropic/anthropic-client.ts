import Anthropic from "@anthropic-ai/sdk";
import { wellFormed } from "#src/text/well-formed.ts";
import { boundedFetch } from "../bounded-fetch.ts";
import type { Upstream } from "../upstream.ts";
import { aiError, callFailure } from "./call-failure.ts";
import { MessageReader, type ReadMessage } from "./message-reader.ts";
import { costMicros, knownModels, type ModelTable, modelOf } from "./models.ts";
import { saneUsage } from "./usage.ts";

/** Text generation gives up after this (docs/providers.md#which-server-is-called). */
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
  /** Whether the provider's own figures were missing or senseless, and ours stand in their place. */
  isEstimated: boolean;
}

export interface CallOptions {
  signal: AbortSignal;
  /** Stable over the tries of one call. */
  idempotencyKey: string;
  onText?: (delta: string) => void;
  onCost: (cost: CallCost) => void;
}

/** The Anthropic Messages API, always streamed, behind the platform's own errors. */
export class AnthropicClient {
  readonly #sdk: Anthropic;
  readonly #models: ModelTable;
  readonly #timeoutMs: number;
  readonly #key: string;

  constructor(
    { url, key, fetch }: Upstream,
    { models = knownModels, timeoutMs = textTimeoutMs }: { models?: ModelTable; timeoutMs?: number } = {},
  ) {
    this.#models = models;
    this.#timeoutMs = timeoutMs;
    this.#key = key;
    this.#sdk = new Anthropic({
      apiKey: key,
      baseURL: url,
      fetch: boundedFetch(fetch, maxAnswerBytes),
      // One retry layer only: ours, which the circuit breaker sees.
      maxRetries: 0,
      timeout: timeoutMs,
      // It would log what it cannot read in the provider's own words.
      logLevel: "off",
    });
  }

  /**
   * One call: text as it comes to `onText`, all of it in the result.
   * @throws ProviderError `AI_SERVICE_ERROR`
   */
  async generate(request: GenerationRequest, options: CallOptions): Promise<Generation> {
    const { onText, idempotencyKey, onCost } = options;
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(this.#timeoutMs)]);
    const parameters = wellFormed(this.#parameters(request));
    const reader = new MessageReader();
    const call = { signal, headers: { "idempotency-key": idempotencyKey } };
    let failure: unknown;
    try {
      for await (const event of await this.#sdk.messages.create(parameters, call)) {
        const text = reader.take(event);
        if (text !== "") onText?.(text);
        if (reader.isOver) break;
      }
    } catch (error) {
      failure = error;
    }
    if (reader.hasBegun) onCost(this.#costOf(parameters, reader));
    // What happens to the connection once all is here changes nothing about the answer.
    if (!reader.isWhole) throw callFailure(failure, { timedOut: signal.aborted, key: this.#key });
    return generationOf(reader.message(), request.tool?.name);
  }

  #parameters(request: GenerationRequest): Anthropic.MessageCreateParamsStreaming {
    const { model, maxTokens, temperature, effort = "low", system, user, tool } = request;
    const { thinks, withoutSampling } = modelOf(model, this.#models) ?? {};
    return {
      stream: true,
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

  #costOf(
    { model, max_tokens, system, messages, tools }: Anthropic.MessageCreateParamsStreaming,
    { usage, writtenBytes }: MessageReader,
  ): CallCost {
    const promptBytes = Buffer.byteLength(JSON.stringify([system, messages, tools]));
    const sane = saneUsage(usage, { promptBytes, writtenBytes, maxTokens: max_tokens });
    return { model, ...sane, costMicros: costMicros(model, sane, this.#models) };
  }
}

/** Something that people can see. */
const visible = /[^\s\p{C}]/u;

function generationOf({ text, tools, stopReason }: ReadMessage, asked: string | undefined): Generation {
  if (stopReason === "refusal")
    throw aiError("The model refused the request", { retryable: false, unhealthy: false });
  const call = tools.find(({ name }) => name === asked);
  if (tools.length > 0 && !call) {
    throw aiError("The model called a tool that it was not given", { retryable: true, unhealthy: false });
  }
  if (call || visible.test(text)) {
    return { text: text.toWellFormed(), toolInput: wellFormed(call?.input), stopReason };
  }
  throw stopReason === "max_tokens"
    ? aiError("The model used up max_tokens before it had written anything", { retryable: false })
    : aiError("The model answered nothing", { retryable: true, unhealthy: false });
}
