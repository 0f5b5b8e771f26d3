import Anthropic from "@anthropic-ai/sdk";
import { boundedFetch } from "#src/http/bounded-fetch.ts";
import { wellFormed } from "#src/text/well-formed.ts";
import { costMicros, type ModelTable, modelOf } from "../models.ts";
import type { ServiceCall } from "../service-call.ts";
import type {
  CallCost,
  CallOptions,
  Generation,
  GenerationRequest,
  TextModel,
  ToolCall,
} from "../text-model.ts";
import { traceHeader, type Upstream } from "../upstream.ts";
import { aiError, callFailure } from "./call-failure.ts";
import { MessageReader, type ReadMessage } from "./message-reader.ts";
import { cachedParams, messageParam, toolParams } from "./parameters.ts";
import { saneUsage } from "./usage.ts";

/** Text generation gives up after this (docs/providers.md#which-server-is-called). */
const textTimeoutMs = 60_000;
/** Many times the longest text that a model writes, with its events around it. */
const maxAnswerBytes = 8 * 1024 * 1024;
/** Room for a model's thoughts beside the text, because both count against `max_tokens`. */
const thinkingTokens = 8192;

/** The Anthropic Messages API, always streamed, behind the platform's own errors. */
export class AnthropicClient implements TextModel {
  readonly #sdk: Anthropic;
  readonly #models: ModelTable;
  readonly #timeoutMs: number;
  readonly #upstream: Upstream;

  constructor(
    upstream: Upstream,
    { models, timeoutMs = textTimeoutMs }: { models: ModelTable; timeoutMs?: number },
  ) {
    const { url, key, fetch } = upstream;
    this.#upstream = upstream;
    this.#models = models;
    this.#timeoutMs = timeoutMs;
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

  async generate(request: GenerationRequest, options: CallOptions): Promise<Generation> {
    const { onText, idempotencyKey, onCost } = options;
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(this.#timeoutMs)]);
    const parameters = wellFormed(this.#parameters(request));
    const reader = new MessageReader();
    const headers = {
      "idempotency-key": idempotencyKey,
      ...traceHeader(this.#upstream, options.traceparent),
    };
    const call = { signal, headers };
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
    if (!reader.isWhole) throw callFailure(failure, { timedOut: signal.aborted, key: this.#upstream.key });
    return generationOf(reader.message(), request);
  }

  async countTokens(request: GenerationRequest, options: ServiceCall): Promise<number> {
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(this.#timeoutMs)]);
    const { model, system, messages, tools, tool_choice } = wellFormed(this.#parameters(request));
    const asked = { model, messages, ...(system && { system }), ...(tools && { tools, tool_choice }) };
    const headers = traceHeader(this.#upstream, options.traceparent);
    try {
      const { input_tokens } = await this.#sdk.messages.countTokens(asked, { signal, headers });
      return input_tokens;
    } catch (error) {
      throw callFailure(error, { timedOut: signal.aborted, key: this.#upstream.key });
    }
  }

  #parameters(request: GenerationRequest): Anthropic.MessageCreateParamsStreaming {
    const { model, maxTokens, temperature, effort = "low", system, messages, tools, calls } = request;
    const { thinks, withoutSampling } = modelOf(model, this.#models) ?? {};
    return {
      stream: true,
      model,
      max_tokens: maxTokens + (thinks ? thinkingTokens : 0),
      ...(thinks ? { output_config: { effort } } : {}),
      ...(withoutSampling || temperature === undefined ? {} : { temperature }),
      ...(request.caches ? cachedParams(system, messages) : { system, messages: messages.map(messageParam) }),
      ...toolParams(tools, calls),
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

function generationOf(
  { blocks, stopReason }: ReadMessage,
  { tools = [], calls: wanted }: GenerationRequest,
): Generation {
  if (stopReason === "refusal")
    throw aiError("The model refused the request", { retryable: false, unhealthy: false });
  // By type: a model that thinks puts its thoughts first.
  const text = blocks.flatMap((block) => (block.type === "text" ? block.text : [])).join("");
  const calls = blocks.flatMap((block): ToolCall[] => {
    if (block.type !== "tool_call") return [];
    const { type: _, ...call } = block;
    return [wellFormed(call)];
  });
  const isStrange = calls.length > 0 && !calls.some(({ name }) => tools.some((tool) => tool.name === name));
  // Of several it may try what there is not, and is told so.
  if (isStrange && (wanted === "one" || tools.length === 0))
    throw aiError("The model called a tool that it was not given", { retryable: true, unhealthy: false });
  if (calls.length > 0 || visible.test(text)) return { text: text.toWellFormed(), calls, blocks, stopReason };
  throw stopReason === "max_tokens"
    ? aiError("The model used up max_tokens before it had written anything", { retryable: false })
    : aiError("The model answered nothing", { retryable: true, unhealthy: false });
}
