type Block = Record<string, unknown>;

/** A message of a request. */
interface Said {
  role: string;
  content: string | Block[];
}

const blocksOf = ({ content }: Said): Block[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : content;

const hasResults = (message: Said): boolean => blocksOf(message).some(({ type }) => type === "tool_result");

/** A message of results alone; what stands beside words belongs to what was asked before them. */
const isOfTools = (message: Said): boolean =>
  hasResults(message) && !blocksOf(message).some(({ type }) => type === "text");

const textOf = (message: Said): string =>
  blocksOf(message)
    .map(({ text }) => (typeof text === "string" ? text : ""))
    .join("\n");

/** What was asked last in words, and how many rounds of tools there have been since. */
export function questionIn(messages: readonly Said[]): { text: string; rounds: number; results: string } {
  const since = messages.findLastIndex((message) => message.role === "user" && !isOfTools(message));
  const later = messages.slice(since + 1).filter(isOfTools);
  const question = messages[since];
  const results = later.flatMap(blocksOf).map(({ content }) => content);
  return {
    text: question ? textOf(question) : "",
    rounds: later.length,
    results: results.filter((content) => typeof content === "string").join("\n"),
  };
}

/** A call of a tool; with arguments where the words say them. */
export interface AskedCall {
  name: string;
  input?: Record<string, unknown>;
}

/**
 * Which tools words ask for, round by round: "call `web_search` and call `remember`, then call `orders_find` with
 * {"number": 7}". What stands in blocks of data asks for nothing.
 */
export function callsAskedFor(text: string, round: number): AskedCall[] {
  const instruction = text.split(/<\/data(?:-\d+)?>/).at(-1) ?? text;
  const asking = instruction.split(/\bthen\b/).filter((part) => /\bcall `/.test(part));
  const calls = (asking[round] ?? "").matchAll(
    /\bcall `([\w-]{1,128})`(?: with (\{[^\n]{0,2000}?\})(?= and call|, then|$|\n))?/g,
  );
  return [...calls].map(([, name = "", said]) => ({ name, ...(said && { input: argumentsIn(said) }) }));
}

function argumentsIn(said: string): Record<string, unknown> {
  try {
    return JSON.parse(said);
  } catch {
    // A model as well can say what is no JSON.
    return { unreadable: said };
  }
}

/**
 * Which tools anything that was read asks for, wherever it stands: what a model would call that takes data for
 * instructions. It asks for no tool twice.
 */
export function callsObeyed(system: string, messages: readonly Said[]): AskedCall[] {
  const called = messages.flatMap(blocksOf).flatMap(({ type, name }) => (type === "tool_use" ? [name] : []));
  const read = [system, ...messages.flatMap(blocksOf).map((block) => JSON.stringify(block))].join("\n");
  const asked = [...read.matchAll(/\bcall `([\w:-]{1,128})`/g)].map(([, name = ""]) => name);
  return [...new Set(asked)].flatMap((name) => (called.includes(name) ? [] : { name }));
}

/** Why the real service would refuse messages whose calls and results do not belong together. */
export function brokenCalls(messages: readonly Said[], thinks: boolean): string | undefined {
  // Thoughts of what was answered before may be left out.
  const question = messages.findLastIndex((message) => message.role === "user" && !isOfTools(message));
  for (const [index, message] of messages.entries()) {
    const blocks = blocksOf(message);
    const called = blocks.flatMap(({ type, id }) => (type === "tool_use" ? [id] : []));
    const next = messages[index + 1];
    const answered = next
      ? blocksOf(next).map(({ type, tool_use_id }) => type === "tool_result" && tool_use_id)
      : [];
    if (called.some((id) => !answered.includes(id)))
      return `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after`;
    const results = blocks.flatMap(({ type, tool_use_id }) => (type === "tool_result" ? [tool_use_id] : []));
    const before = index > 0 ? messages[index - 1] : undefined;
    const known = before ? blocksOf(before).flatMap(({ type, id }) => (type === "tool_use" ? [id] : [])) : [];
    if (results.some((id) => !known.includes(id)) || new Set(results).size !== results.length)
      return `messages.${index}: each \`tool_result\` must have one \`tool_use\` in the previous message`;
    if (called.length > 0 && thinks && index > question && !isOurThought(blocks[0]))
      return `messages.${index}: the thinking blocks must be handed back as they were`;
  }
  return undefined;
}

/** A thought as this sandbox signs it: changed in any way it is refused. */
const isOurThought = (block: Block | undefined): boolean =>
  block?.type === "thinking" && block.thinking === "" && /^sandbox-\d+$/.test(String(block.signature));
