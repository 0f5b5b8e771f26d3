import type { Message } from "./message.ts";
import type { MessagesRequest } from "./request-rules.ts";

type Content = MessagesRequest["messages"][number]["content"];

/** About four characters a token, as a rule of thumb has it. */
export const tokensOf = (text: string): number => Math.max(1, Math.ceil(text.length / 4));

/** All that a block or a text says. */
const textOf = (content: Content): string =>
  typeof content === "string"
    ? content
    : content
        .map(({ text, content: result, input }) =>
          [text, result, input]
            .filter((part) => part !== undefined)
            .map(String)
            .join(" "),
        )
        .join("\n");

const wholeText = ({ system = "", messages }: MessagesRequest): string =>
  [textOf(system), ...messages.map(({ content }) => textOf(content))].join("\n");

/** How many tokens a prompt comes to. */
export const tokensRead = (request: MessagesRequest): number => tokensOf(wholeText(request));

/** A prompt says how much this model reads, in tokens, so that a small window can be tried: `#window=2000`. */
const windowIn = /#window=(\d{1,7})\b/;

/** Why the real service would refuse a prompt for its length. */
export function beyondWindow(request: MessagesRequest): string | undefined {
  const text = wholeText(request);
  const window = Number(windowIn.exec(text)?.[1] ?? 1_000_000);
  const tokens = tokensOf(text);
  return tokens > window ? `prompt is too long: ${tokens} tokens > ${window} maximum` : undefined;
}

const isMarked = (content: Content): boolean =>
  typeof content !== "string" && content.some((block) => "cache_control" in block);

/**
 * What was read: of what is marked to be kept, everything counts as known from before once the persona has answered, and
 * as kept now where it has not. Nothing here remembers a call.
 */
export function readUsage(request: MessagesRequest): Omit<Message["usage"], "output_tokens"> {
  const { system = "", messages } = request;
  const all = tokensOf(wholeText(request));
  const end = messages.findLastIndex(({ content }) => isMarked(content));
  if (end === -1 && !isMarked(system)) return { input_tokens: all };
  const marked = tokensOf(wholeText({ ...request, messages: messages.slice(0, end + 1) }));
  const anew = { input_tokens: Math.max(0, all - marked) };
  return messages.some(({ role }) => role === "assistant")
    ? { ...anew, cache_read_input_tokens: marked }
    : { ...anew, cache_creation_input_tokens: marked };
}
