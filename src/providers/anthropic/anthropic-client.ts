import Anthropic, { APIConnectionError, APIError } from "@anthropic-ai/sdk";
import { isRetryableStatus, ProviderError, retryAfterOf } from "../provider-error.ts";
import type { Upstream } from "../upstream.ts";

/** Text generation gives up after this (spec 04-agents). */
const timeoutMs = 60_000;

export interface Generation {
  text: string;
  /** Input of the tool call, when the request forced one. */
  toolInput: unknown;
  model: string;
  stopReason: string | null;
  tokensIn: number;
  tokensOut: number;
}

export type GenerationRequest = Omit<Anthropic.MessageCreateParamsNonStreaming, "stream">;

/** The Anthropic Messages API behind the platform's own errors. */
export class AnthropicClient {
  readonly #sdk: Anthropic;

  constructor({ url, key, fetch }: Upstream) {
    // One retry layer only: ours, which the circuit breaker sees.
    this.#sdk = new Anthropic({ apiKey: key, baseURL: url, fetch, maxRetries: 0, timeout: timeoutMs });
  }

  /**
   * Generates text, handing on every piece as it comes.
   * @throws ProviderError `AI_SERVICE_ERROR`
   */
  async stream(
    request: GenerationRequest,
    {
      onText,
      signal,
      idempotencyKey,
    }: { onText: (delta: string) => void; signal: AbortSignal; idempotencyKey: string },
  ): Promise<Generation> {
    try {
      const stream = this.#sdk.messages.stream(request, {
        signal,
        headers: { "idempotency-key": idempotencyKey },
      });
      stream.on("text", onText);
      return this.#checked(await stream.finalMessage());
    } catch (error) {
      throw providerError(error);
    }
  }

  /** Generates in one piece; for structured answers. */
  async create(
    request: GenerationRequest,
    { signal, idempotencyKey }: { signal: AbortSignal; idempotencyKey: string },
  ): Promise<Generation> {
    try {
      const headers = { "idempotency-key": idempotencyKey };
      return this.#checked(await this.#sdk.messages.create(request, { signal, headers }));
    } catch (error) {
      throw providerError(error);
    }
  }

  #checked({ content, model, stop_reason, usage }: Anthropic.Message): Generation {
    if (stop_reason === "refusal") {
      throw new ProviderError("AI_SERVICE_ERROR", "The model refused the request", { retryable: false });
    }
    const text = content.flatMap((block) => (block.type === "text" ? block.text : [])).join("");
    const toolInput = content.find((block) => block.type === "tool_use")?.input;
    if (text.trim() === "" && toolInput === undefined) {
      throw new ProviderError("AI_SERVICE_ERROR", "The model answered nothing", {
        retryable: true,
        unhealthy: false,
      });
    }
    return {
      text,
      toolInput,
      model,
      stopReason: stop_reason,
      tokensIn: usage.input_tokens,
      tokensOut: usage.output_tokens,
    };
  }
}

/** The SDK's errors in our terms; the upstream's words stay in the cause, for the log. */
function providerError(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  if (error instanceof APIConnectionError) {
    return new ProviderError("AI_SERVICE_ERROR", "The AI service could not be reached", {
      retryable: true,
      cause: error,
    });
  }
  if (error instanceof APIError && typeof error.status === "number") {
    return new ProviderError("AI_SERVICE_ERROR", `The AI service answered ${error.status}`, {
      retryable: isRetryableStatus(error.status),
      retryAfterMs: retryAfterOf(error.headers, Date.now()),
      cause: error,
    });
  }
  return new ProviderError("AI_SERVICE_ERROR", "The AI service's answer broke off", {
    retryable: true,
    cause: error,
  });
}
