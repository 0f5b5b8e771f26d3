import { z } from "zod";
import type { LoopRound, Transcript } from "#src/engine/tool-loop/transcript.ts";
import {
  type AnswerPart,
  answerPartSchema,
  type TurnUsage,
  turnUsageSchema,
} from "#src/objects/turn-contract.ts";
import type { Generation } from "#src/providers/index.ts";
import { cutText } from "#src/text/cut-text.ts";
import { readSaid, turnOutput } from "../turn-messages.ts";

/** More parts than an answer keeps; then it is its text. */
const maxParts = 200;
/** UTF-16 units of a result that an answer keeps; the whole of it is with its task. */
const maxResult = 4000;

const roundSchema = z.object({ text: z.string(), model: z.string(), usage: turnUsageSchema });

/** Of a turn without tools. */
export const noRounds: Transcript = { turn: 0, tools: [], isLast: true, rounds: [] };

/** What the run keeps of a round that goes on with tools. */
export const roundOutput = (answer: Generation, model: string, usage: TurnUsage) => ({
  ...turnOutput(answer),
  text: answer.text,
  model,
  stop_reason: answer.stopReason,
  usage,
});

/** Text of one round, and of the next: each is a paragraph of its own. */
const paragraph = (text: string): string => (text === "" ? "" : `${text}\n\n`);

/** What the rounds before this one have written, to which it adds its own. */
export const textBefore = ({ rounds }: Transcript): string =>
  rounds.map(({ answer }) => paragraph(roundSchema.parse(answer).text)).join("");

export const sumOf = (one: TurnUsage, other: TurnUsage): TurnUsage => ({
  input_tokens: one.input_tokens + other.input_tokens,
  output_tokens: one.output_tokens + other.output_tokens,
  cached_tokens: one.cached_tokens + other.cached_tokens,
});

/** Of nothing. */
export const noUsage: TurnUsage = { input_tokens: 0, output_tokens: 0, cached_tokens: 0 };

/** Which model has written the last of them. */
export const modelOfRound = ({ rounds }: Transcript): string =>
  roundSchema.parse(rounds.at(-1)?.answer).model;

/** What they have used. */
export const usageBefore = ({ rounds }: Transcript): TurnUsage =>
  rounds.map(({ answer }) => roundSchema.parse(answer).usage).reduce(sumOf, noUsage);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function* partsOfRound({ answer, results }: LoopRound): Generator<AnswerPart> {
  for (const block of readSaid(answer)) {
    if (block.type === "text") yield { type: "text", text: block.text };
    if (block.type === "tool_call")
      yield {
        type: "tool_call",
        id: block.id,
        name: block.name,
        input: isObject(block.input) ? block.input : {},
      };
  }
  for (const { id, text, isError } of results)
    yield { type: "tool_result", call_id: id, output: cutText(text, maxResult), is_error: isError };
}

/** What an answer is made of where tools were used for it; nothing where it is its text alone. */
export function partsOf({ rounds }: Transcript, text: string): AnswerPart[] {
  if (rounds.length === 0) return [];
  const parts: AnswerPart[] = [
    ...rounds.flatMap((round) => [...partsOfRound(round)]),
    ...(text === "" ? [] : [{ type: "text" as const, text }]),
  ];
  // A model may call by names and ids that nobody would keep.
  const kept = parts.filter((part) => answerPartSchema.safeParse(part).success);
  return kept.length > maxParts ? [] : kept;
}
