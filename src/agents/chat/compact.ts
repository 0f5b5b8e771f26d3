import { TaskError } from "#src/engine/task-error.ts";
import {
  type CompactionContext,
  type CompactionsApi,
  compactionInputSchema,
} from "#src/objects/compaction-contract.ts";
import type { ContextMessage } from "#src/objects/turn-contract.ts";
import { asked, modelOf, ordinaryWindow, type TextModels } from "#src/providers/index.ts";
import type { TaskOutcome, TaskWork } from "#src/tasks/index.ts";
import { cutText } from "#src/text/cut-text.ts";
import { agentSettings } from "../agent-settings.ts";
import { dataBlock, dataBlockRule, dataBlocks } from "../data-blocks.ts";
import { generate } from "../generate.ts";
import { tokensOf } from "./tokens.ts";

/** The longest summary, in tokens, and in UTF-16 units. */
const longest = { tokens: 1500, units: 16_000 } as const;

/** Of the window, what a summary reads at most. */
const share = 0.8;

const system = [
  "You keep the minutes of a conversation between a person and an assistant.",
  dataBlockRule,
].join("\n\n");

const instruction =
  "Write down what has to be known to go on with this conversation: what the person wants and has told of themselves, what was found out, decided and promised, names, numbers and addresses exactly as they were said, and what is still open. Keep what the earlier summary says as far as it still holds. Write in the language of the conversation, in short sentences, and nothing but that.";

const speakers = { user: "The person", assistant: "The assistant", agent: "A colleague of the assistant's" };

const lineOf = ({ role, content, parts, attachments }: ContextMessage): string => {
  const files = attachments.map(({ name }) => name).join(", ");
  const tools = parts.flatMap((part) => (part.type === "tool_call" ? part.name : []));
  const used = tools.length > 0 ? ` (used ${[...new Set(tools)].join(", ")})` : "";
  const sent = files === "" ? "" : ` (sent ${files})`;
  return `${speakers[role]}${used}${sent}: ${content}`;
};

/** The oldest messages that fit, each whole but for one that fits nowhere. */
export function fittingLines(
  messages: readonly ContextMessage[],
  free: number,
): { lines: string[]; upTo: string | undefined } {
  const lines: string[] = [];
  let used = 0;
  let upTo: string | undefined;
  for (const message of messages) {
    const line = lineOf(message);
    const tokens = tokensOf(line);
    if (used + tokens > free && lines.length > 0) break;
    lines.push(tokens > free ? cutText(line, Math.max(0, free)) : line);
    used += tokens;
    upTo = message.id;
  }
  return { lines, upTo };
}

const promptOf = ({ earlier }: CompactionContext, lines: readonly string[]): string[] => [
  ...dataBlocks({ earlier_summary: earlier }),
  dataBlock("conversation", lines.join("\n\n")),
  instruction,
];

/**
 * Summarises a conversation up to a message, in one call. What comes of it is the conversation's to keep; the run keeps
 * how long it is. Nothing that was said is changed.
 * @throws TaskError when the settings are unusable
 */
export async function compact(
  task: TaskWork,
  providers: TextModels,
  conversationOf: (conversationId: string) => CompactionsApi,
): Promise<TaskOutcome> {
  const { assignment } = task;
  const { conversation_id, compaction_id: compactionId } = compactionInputSchema.parse(assignment.input);
  const conversation = () => conversationOf(conversation_id);
  const found = await conversation().compactionContext(compactionId);
  if (!found.ok) return { output: { given_up: found.code }, fuelUsed: 0 };
  const { context } = found;
  const config = { ...assignment.config, ...(context.model === null ? {} : { model: context.model }) };
  const { model, effort } = agentSettings(assignment, config, providers.models);
  const window = modelOf(model, providers.models)?.window ?? ordinaryWindow;
  const free = Math.floor(window * share) - longest.tokens - tokensOf(promptOf(context, []).join("\n"));
  const { lines, upTo } = fittingLines(context.messages, free);
  if (upTo === undefined) throw new TaskError("VALIDATION_ERROR", "There is nothing to summarise");
  let tokens = 0;
  const request = { model, effort, maxTokens: longest.tokens, system };
  const { text } = await generate(
    task,
    providers,
    { ...request, messages: asked(...promptOf(context, lines)) },
    { onCost: ({ tokensOut }) => (tokens = tokensOut) },
  );
  const summary = cutText(text.trim(), longest.units);
  const closed = await conversation().closeCompaction({ compactionId, upTo, text: summary, tokens, model });
  return { output: closed.ok ? { summary_length: summary.length } : { given_up: closed.code } };
}
