import type { ServiceCall } from "./service-call.ts";

export const efforts = ["low", "medium", "high", "xhigh", "max"] as const;

/** A call of a tool, as a model has made it. Its arguments may be anything: a text, where they were cut off. */
export interface ToolCall {
  id: string;
  name: string;
  input: unknown;
}

/** A part of what a model has said. */
export type SaidBlock =
  | { type: "text"; text: string }
  | ({ type: "tool_call" } & ToolCall)
  /** The provider's own, a thought with its signature for example: handed back to it exactly as it was. */
  | { type: "opaque"; block: Record<string, unknown> };

/** What a call has come to. */
export interface ToolAnswer {
  callId: string;
  text: string;
  isError: boolean;
}

/** Something that a model may ask for. */
export interface ToolOffer {
  name: string;
  description: string;
  /** JSON Schema of its arguments. */
  inputSchema: Record<string, unknown>;
}

/** A picture or a document that stands in a prompt beside its words. */
export interface PromptFile {
  type: "image/png" | "image/jpeg" | "image/webp" | "image/gif" | "application/pdf";
  /** In Base64. */
  data: string;
  /** What it comes to at most. */
  tokens: number;
}

/** A turn of a conversation with a model. The first is the user's, and so is the last. */
export type PromptMessage =
  | {
      role: "user" | "assistant";
      /** Its parts, in their order. */
      texts: readonly string[];
      /** Of a turn of the user: what stands before its words. */
      files?: readonly PromptFile[];
    }
  /**
   * What a model has said with calls of tools in it: each of them is answered by the message that comes next, which may
   * go on in words.
   */
  | { role: "assistant"; blocks: readonly SaidBlock[] }
  | {
      role: "user";
      answers: readonly ToolAnswer[];
      texts?: readonly string[];
      files?: readonly PromptFile[];
    };

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
  tools?: readonly ToolOffer[];
  /** How many of them it may ask for at once: as many as it likes, unless something is said. */
  calls?: "many" | "one" | "none";
  /** Whether what stands before the newest message is likely to be read again: it is kept at the provider, and costs less then. */
  caches?: boolean;
}

export interface Generation {
  text: string;
  /** What it has asked for, in its order; also of tools that there are none of. */
  calls: readonly ToolCall[];
  /** All that it has said, as it is handed back. */
  blocks: readonly SaidBlock[];
  stopReason: string | null;
}

/** What one call cost, also one that failed after the model had begun. */
export interface CallCost {
  model: string;
  tokensIn: number;
  tokensOut: number;
  /** Of the tokens that were read, those that were known from an earlier call, and those that are kept for a later one. */
  tokensCached?: { read: number; written: number };
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
  /**
   * How many tokens it would read, where the provider says so; nothing is written, and it costs nothing.
   * @throws ProviderError `AI_SERVICE_ERROR`
   */
  countTokens?(request: GenerationRequest, options: ServiceCall): Promise<number>;
}
