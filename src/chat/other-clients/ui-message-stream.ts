import type { AnswerPart } from "#src/objects/turn-contract.ts";

/** A part of the AI SDK's UI message stream, version 1, as far as answers need them. */
export type UiChunk =
  | { type: "start"; messageId: string }
  | { type: "start-step" | "finish-step" | "finish" | "abort" }
  | { type: "text-start" | "text-end"; id: string }
  | { type: "text-delta"; id: string; delta: string }
  | { type: "tool-input-available"; toolCallId: string; toolName: string; input: unknown; dynamic: true }
  | { type: "tool-output-available"; toolCallId: string; output: unknown; dynamic: true }
  | { type: "tool-output-error"; toolCallId: string; errorText: string; dynamic: true }
  | { type: "error"; errorText: string };

/** How an answer has ended. */
export type AnswerEnd = { status: "complete" } | { status: "stopped" } | { status: "failed"; error: string };

/**
 * An answer as that stream. A reader of it appends and forgets nothing: where another attempt begins with what the one
 * before has written, only what follows is said; where it says something else, it is a text part of its own.
 */
export class UiMessageStream {
  readonly #messageId: string;
  #part = 0;
  /** What the open text part says; undefined where none is open. */
  #said: string | undefined;
  /** The answer's text as it is known. */
  #text = "";

  constructor(messageId: string) {
    this.#messageId = messageId;
  }

  begin(): UiChunk[] {
    return [{ type: "start", messageId: this.#messageId }, { type: "start-step" }];
  }

  /** All of the text so far. */
  snapshot(text: string): UiChunk[] {
    this.#text = text;
    return this.#told();
  }

  /** A piece of it, and where it begins; what is known already, or would leave a hole, is none. */
  delta(offset: number, text: string): UiChunk[] {
    if (offset > this.#text.length) return [];
    this.#text += text.slice(this.#text.length - offset);
    return this.#told();
  }

  /** It is written from its start again. */
  reset(): void {
    this.#text = "";
  }

  /** The end, with all that the answer is made of. */
  end(text: string, parts: readonly AnswerPart[], how: AnswerEnd): UiChunk[] {
    this.#text = text;
    const rest = this.#whole();
    const closing: UiChunk[] = this.#said === undefined ? [] : [this.#closed()];
    return [...rest, ...closing, ...parts.flatMap(toolChunks), ...endOf(how)];
  }

  /** What follows what was said; nothing while it is no more than its beginning. */
  #told(): UiChunk[] {
    const said = this.#said ?? "";
    return said.startsWith(this.#text) ? [] : this.#whole();
  }

  #whole(): UiChunk[] {
    const said = this.#said ?? "";
    if (this.#text === said) return [];
    if (this.#said !== undefined && this.#text.startsWith(said)) return [this.#more(said.length)];
    const before: UiChunk[] = this.#said === undefined ? [] : [this.#closed()];
    this.#part++;
    return [...before, { type: "text-start", id: this.#id }, this.#more(0)];
  }

  #more(from: number): UiChunk {
    this.#said = this.#text;
    return { type: "text-delta", id: this.#id, delta: this.#text.slice(from) };
  }

  #closed(): UiChunk {
    this.#said = undefined;
    return { type: "text-end", id: this.#id };
  }

  get #id(): string {
    return `text-${this.#part}`;
  }
}

const endOf = (how: AnswerEnd): UiChunk[] => {
  if (how.status === "stopped") return [{ type: "abort" }];
  if (how.status === "failed") return [{ type: "error", errorText: how.error }];
  return [{ type: "finish-step" }, { type: "finish" }];
};

function toolChunks(part: AnswerPart): UiChunk[] {
  if (part.type === "text") return [];
  if (part.type === "tool_call") {
    const { id: toolCallId, name: toolName, input } = part;
    return [{ type: "tool-input-available", toolCallId, toolName, input, dynamic: true }];
  }
  const { call_id: toolCallId, output } = part;
  return part.is_error
    ? [{ type: "tool-output-error", toolCallId, errorText: wordsOf(output), dynamic: true }]
    : [{ type: "tool-output-available", toolCallId, output, dynamic: true }];
}

const wordsOf = (output: unknown): string =>
  typeof output === "string" ? output : JSON.stringify(output ?? null);
