import type { ServiceCall } from "./service-call.ts";

export const efforts = ["low", "medium", "high", "xhigh", "max"] as const;

/** A turn of a conversation with a model. The first is the user's, and so is the last. */
export interface PromptMessage {
  role: "user" | "assistant";
  /** Its parts, in their order. */
  texts: readonly string[];
}

/** What a single question is: one turn of the user. */
export const asked = (...texts: readonly string[]): PromptMessage[] => [{ role: "user", texts }];

export interface GenerationRequest {
  /** As `resolveModel` gives it. */
  model: string;
  /** Longest answer in tokens, thoughts not counted. */
  maxTokens: number;
  /** From 0 to 1; left out for models that take none. */
  temperature?: number;
  /** How much a thinking model thinks. */
  effort?: (typeof efforts)[number];
  system: string;
  messages: readonly PromptMessage[];
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
  /** Millionths of a US dollar. */
  costMicros: number;
  /** Whether the provider's own figures were missing or senseless, and ours stand in their place. */
  isEstimated: boolean;
}

export interface CallOptions extends ServiceCall {
  /** Stable over the tries of one call. */
  idempotencyKey: string;
  onText?: (delta: string) => void;
  /** Told once of every call that the model has begun, whatever comes of it. */
  onCost: (cost: CallCost) => void;
}

/** Models that write text. What is metered is tokens and their price. */
export interface TextModel {
  /**
   * One call: text as it comes to `onText`, all of it in the result. Tries once; whoever calls it tries again.
   * @throws ProviderError `AI_SERVICE_ERROR`
   */
  generate(request: GenerationRequest, options: CallOptions): Promise<Generation>;
}
