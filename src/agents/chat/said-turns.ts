import type { AnswerPart, ContextMessage } from "#src/objects/turn-contract.ts";
import type { PromptMessage, SaidBlock, ToolAnswer } from "#src/providers/index.ts";
import { dataBlock } from "../data-blocks.ts";

/** A round of an answer: what was said and called in it, and what each of its calls came to. */
interface Round {
  blocks: Exclude<SaidBlock, { type: "opaque" }>[];
  answers: (ToolAnswer & { name: string })[];
}

type Call = Extract<AnswerPart, { type: "tool_call" }>;

const textOf = (output: unknown): string => (typeof output === "string" ? output : JSON.stringify(output));

/** Whether each call of a round has one result, and each result a call. */
function isComplete({ blocks, answers }: Round): boolean {
  const called = blocks.flatMap((block) => (block.type === "tool_call" ? block.id : []));
  const answered = new Set(answers.map(({ callId }) => callId));
  return (
    new Set(called).size === called.length &&
    answered.size === answers.length &&
    called.length === answers.length &&
    called.every((id) => answered.has(id))
  );
}

/** The rounds that parts are of; undefined where they are not whole: a call without its result tells nobody anything. */
export function roundsOf(parts: readonly AnswerPart[]): Round[] | undefined {
  const rounds: Round[] = [];
  const names = new Map<string, Call["name"]>();
  for (const part of parts) {
    const last = rounds.at(-1);
    if (part.type === "tool_result") {
      const name = names.get(part.call_id);
      if (!last || name === undefined) return undefined;
      last.answers.push({ callId: part.call_id, name, text: textOf(part.output), isError: part.is_error });
      continue;
    }
    const round = last && last.answers.length === 0 ? last : { blocks: [], answers: [] };
    if (round !== last) rounds.push(round);
    if (part.type === "text") round.blocks.push({ type: "text", text: part.text });
    else {
      names.set(part.id, part.name);
      round.blocks.push({ type: "tool_call", id: part.id, name: part.name, input: part.input });
    }
  }
  return rounds.every(isComplete) ? rounds : undefined;
}

const byColleague = "A colleague of yours, a person, has answered here:";

/** Whose words a message is to the model: what somebody of the staff has written is the persona's side of it. */
export const sideOf = ({ role }: Pick<ContextMessage, "role">): "user" | "assistant" =>
  role === "user" ? "user" : "assistant";

const isVisible = (block: Round["blocks"][number]): boolean =>
  block.type !== "text" || block.text.trim() !== "";

/** A round as turns: what was said and called, and what came of it. The last one calls nothing. */
function turnsOfRound({ blocks, answers }: Round): PromptMessage[] {
  const said = blocks.filter(isVisible);
  if (answers.length === 0) {
    const texts = said.flatMap((block) => (block.type === "text" ? block.text : []));
    return texts.length === 0 ? [] : [{ role: "assistant", texts }];
  }
  const told = answers.map(({ name, text, ...answer }) => ({ ...answer, text: dataBlock(name, text) }));
  return [
    { role: "assistant", blocks: said },
    { role: "user", answers: told },
  ];
}

/** A message as the model is told it: of an answer with tools its calls with their results, which are data. */
export function turnsOf({ role, content, parts }: ContextMessage): PromptMessage[] {
  const rounds = role === "assistant" ? roundsOf(parts) : undefined;
  if (!rounds?.some(({ answers }) => answers.length > 0)) {
    if (content === "") return [];
    return [
      {
        role: sideOf({ role }),
        texts: [role === "agent" ? `${byColleague}\n${content}` : content],
      },
    ];
  }
  return rounds.flatMap(turnsOfRound);
}

/** Names of the tools that have been called in some turns. */
export const toolsCalledIn = (turns: readonly PromptMessage[]): string[] => [
  ...new Set(
    turns.flatMap((turn) =>
      "blocks" in turn ? turn.blocks.flatMap((block) => (block.type === "tool_call" ? block.name : [])) : [],
    ),
  ),
];
