import { z } from "zod";
import type { SaidBlock } from "../text-model.ts";

/** What the API says about tokens, as it says it (`usage.ts` makes sense of it). */
export type ReportedUsage = Readonly<Record<string, unknown>>;

const usage = z.record(z.string(), z.unknown()).catch({});
const index = z.number().int().nonnegative();

/** The events that a message is made of; others (pings, kinds still to come) say nothing about it. */
const eventSchemas = {
  message_start: z.object({ message: z.object({ usage }).catch({ usage: {} }) }),
  content_block_start: z.object({
    index,
    content_block: z.looseObject({
      type: z.string(),
      text: z.string().optional(),
      id: z.string().optional(),
      name: z.string().optional(),
      input: z.unknown().optional(),
    }),
  }),
  content_block_delta: z.object({
    index,
    delta: z.object({
      text: z.string().optional(),
      partial_json: z.string().optional(),
      thinking: z.string().optional(),
      signature: z.string().optional(),
    }),
  }),
  message_delta: z.object({
    delta: z.object({ stop_reason: z.string().nullish() }).catch({}),
    usage,
  }),
  message_stop: z.object({}),
  error: z.object({ error: z.object({ type: z.string() }) }),
} as const;

const typeSchema = z.object({ type: z.string() });

/** An error event in the place of the rest of a message. */
export class ErrorEvent extends Error {
  override readonly name = "ErrorEvent";
  readonly type: string;

  constructor(type: string) {
    super("The stream ended with an error event");
    this.type = type;
  }
}

interface Block {
  /** As it began. */
  start: z.infer<typeof eventSchemas.content_block_start>["content_block"];
  text: string;
  json: string;
  /** Of a thought: it goes back to the API with its signature. */
  thinking: string;
  signature: string;
}

/** What a message came to. */
export interface ReadMessage {
  blocks: SaidBlock[];
  stopReason: string | null;
}

/**
 * Puts a message together from its stream of events. Nothing but the events that carry
 * its content has to be as documented: missing usage costs no text.
 */
export class MessageReader {
  readonly #blocks = new Map<number, Block>();
  #stopReason: string | null = null;
  #isOver = false;
  #hasBegun = false;
  #writtenBytes = 0;
  #usage: { begun: ReportedUsage; ended: ReportedUsage } = { begun: {}, ended: {} };

  /** Whether the model has begun, so that the call costs something. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Whether nothing more will come. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether all of the message is here, whatever becomes of the connection. */
  get isWhole(): boolean {
    return this.#isOver || this.#stopReason !== null;
  }

  /** What was said about tokens when the message began, and when it ended. */
  get usage(): { begun: ReportedUsage; ended: ReportedUsage } {
    return this.#usage;
  }

  /** Bytes that the model has written, thoughts and tool calls included. */
  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  /**
   * Takes the next event.
   * @returns the text that it brings
   * @throws ErrorEvent; ZodError for an event of a known kind that cannot be read
   */
  take(event: unknown): string {
    const type = typeSchema.safeParse(event).data?.type;
    switch (type) {
      case "message_start":
        this.#hasBegun = true;
        this.#usage = {
          ...this.#usage,
          begun: eventSchemas.message_start.parse(event).message.usage,
        };
        return "";
      case "content_block_start":
        return this.#begin(eventSchemas.content_block_start.parse(event));
      case "content_block_delta":
        return this.#extend(eventSchemas.content_block_delta.parse(event));
      case "message_delta": {
        const { delta, usage: told } = eventSchemas.message_delta.parse(event);
        this.#stopReason = delta.stop_reason ?? this.#stopReason;
        this.#usage = { ...this.#usage, ended: { ...this.#usage.ended, ...told } };
        return "";
      }
      case "message_stop":
        this.#isOver = true;
        return "";
      case "error":
        throw new ErrorEvent(eventSchemas.error.safeParse(event).data?.error.type ?? "unknown");
      default:
        return "";
    }
  }

  #begin({ index, content_block }: z.infer<typeof eventSchemas.content_block_start>): string {
    this.#hasBegun = true;
    const { type, text = "" } = content_block;
    this.#blocks.set(index, { start: content_block, text, json: "", thinking: "", signature: "" });
    this.#writtenBytes += Buffer.byteLength(text);
    return type === "text" ? text : "";
  }

  #extend({ index, delta }: z.infer<typeof eventSchemas.content_block_delta>): string {
    const { text = "", partial_json = "", thinking = "", signature = "" } = delta;
    this.#writtenBytes += Buffer.byteLength(text + partial_json + thinking);
    const block = this.#blocks.get(index);
    if (!block) throw new Error("A piece of a content block that has not begun");
    block.text += text;
    block.json += partial_json;
    block.thinking += thinking;
    block.signature += signature;
    return block.start.type === "text" ? text : "";
  }

  message(): ReadMessage {
    const blocks = [...this.#blocks.entries()].sort(([a], [b]) => a - b).map(([, block]) => block);
    return { blocks: blocks.map(saidBlock), stopReason: this.#stopReason };
  }
}

function saidBlock(block: Block): SaidBlock {
  const { start, text, thinking, signature } = block;
  switch (start.type) {
    case "text":
      return { type: "text", text };
    case "tool_use":
      return { type: "tool_call", id: start.id ?? "", name: start.name ?? "", input: inputOf(block) };
    default:
      return {
        type: "opaque",
        block: { ...start, ...added(start, "thinking", thinking), ...added(start, "signature", signature) },
      };
  }
}

/** A field of a block with what was added to it; nothing where it has none and got none. */
function added(start: Record<string, unknown>, field: string, more: string): Record<string, string> {
  const begun = start[field];
  if (more === "" && begun === undefined) return {};
  return { [field]: (typeof begun === "string" ? begun : "") + more };
}

/** Input that is no JSON, cut off by `max_tokens` for example, is what was written of it. */
function inputOf({ json, start: { input } }: Block): unknown {
  if (json === "") return input ?? {};
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
