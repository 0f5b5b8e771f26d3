import type Anthropic from "@anthropic-ai/sdk";
import type { GenerationRequest, PromptFile, PromptMessage, SaidBlock } from "../text-model.ts";

/** A message as the API takes it. */
export function messageParam(message: PromptMessage): Anthropic.MessageParam {
  if ("blocks" in message) return { role: "assistant", content: message.blocks.flatMap(blockParam) };
  const texts = (message.texts ?? []).map((text) => ({ type: "text" as const, text }));
  const words = [...(message.files ?? []).map(fileParam), ...texts];
  if (!("answers" in message)) return { role: message.role, content: words };
  const results = message.answers.map(({ callId, text, isError }) => ({
    type: "tool_result" as const,
    tool_use_id: callId,
    content: text,
    is_error: isError,
  }));
  // Results stand before words: the API refuses it the other way round.
  return { role: "user", content: [...results, ...words] };
}

const fileParam = ({ type, data }: PromptFile): Anthropic.ImageBlockParam | Anthropic.DocumentBlockParam =>
  type === "application/pdf"
    ? { type: "document", source: { type: "base64", media_type: type, data } }
    : { type: "image", source: { type: "base64", media_type: type, data } };

const kept = { cache_control: { type: "ephemeral" } } as const;

/**
 * A prompt of which the API keeps what is likely to be read again: the system prompt (and the tools, which it puts before
 * that), and what stands before the newest message.
 */
export function cachedParams(
  system: string,
  messages: readonly PromptMessage[],
): Pick<Anthropic.MessageCreateParams, "system" | "messages"> {
  const params = messages.map(messageParam);
  const before = params.at(-2);
  const last = typeof before?.content === "string" ? undefined : before?.content.at(-1);
  // Thoughts cannot be marked; whatever else ends a message can.
  if (last && (last.type === "text" || last.type === "tool_use" || last.type === "tool_result"))
    Object.assign(last, kept);
  return { system: system === "" ? system : [{ type: "text", text: system, ...kept }], messages: params };
}

/** What the model has said, as the API gets it back. It refuses blank texts, and arguments that are no object. */
function blockParam(block: SaidBlock): Anthropic.ContentBlockParam[] {
  switch (block.type) {
    case "text":
      return block.text.trim() === "" ? [] : [{ type: "text", text: block.text }];
    case "tool_call": {
      const { id, name, input } = block;
      return [{ type: "tool_use", id, name, input: isObject(input) ? input : {} }];
    }
    case "opaque":
      return isBlock(block.block) ? [block.block] : [];
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** It was the API's own, and goes back as it came: what it is made of is not ours to know. */
const isBlock = (
  value: Record<string, unknown>,
): value is Record<string, unknown> & Anthropic.ThinkingBlockParam => typeof value.type === "string";

/** The tools of a request. Models that think refuse to be forced to one, so they are asked for in words. */
export function toolParams(
  tools: GenerationRequest["tools"] = [],
  calls: GenerationRequest["calls"] = "many",
): Pick<Anthropic.MessageCreateParams, "tools" | "tool_choice"> {
  if (tools.length === 0) return {};
  return {
    tool_choice:
      calls === "none" ? { type: "none" } : { type: "auto", disable_parallel_tool_use: calls === "one" },
    tools: tools.map(({ name, description, inputSchema }) => ({
      name,
      description,
      input_schema: { ...inputSchema, type: "object" },
    })),
  };
}
