import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Asked, chatPrompt } from "#src/agents/chat/chat-prompt.ts";
import { piecesOf, tokensOf } from "#src/agents/chat/tokens.ts";
import type { AnswerPart, ContextMessage } from "#src/objects/turn-contract.ts";
import type { PromptMessage } from "#src/providers/index.ts";

/** One message of a history: its side, how long its text is, and how many calls each of its rounds has. */
const saidShape = fc.record({
  role: fc.constantFrom("user" as const, "assistant" as const, "agent" as const),
  length: fc.integer({ min: 1, max: 3000 }),
  rounds: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }),
  /** Whether a result has been lost. */
  isBroken: fc.boolean(),
});
type Shape = typeof saidShape extends fc.Arbitrary<infer S> ? S : never;

function partsFor(index: number, { rounds, isBroken }: Shape): AnswerPart[] {
  const parts = rounds.flatMap((calls, round): AnswerPart[] => {
    const ids = Array.from({ length: calls }, (_, call) => `c${index}.${round}.${call}`);
    return [
      ...ids.map((id): AnswerPart => ({ type: "tool_call", id, name: "web_search", input: { query: id } })),
      ...ids.map(
        (id): AnswerPart => ({ type: "tool_result", call_id: id, output: `of ${id}`, is_error: false }),
      ),
    ];
  });
  const kept = isBroken ? parts.slice(0, -1) : parts;
  return parts.length === 0 ? [] : [...kept, { type: "text", text: `<${index}>` }];
}

const messagesOf = (shapes: readonly Shape[]): ContextMessage[] => [
  ...shapes.map(
    (shape, index): ContextMessage => ({
      id: `${index}`,
      role: shape.role,
      content: `<${index}>${"ä".repeat(shape.length)}`,
      parts: shape.role === "assistant" ? partsFor(index, shape) : [],
      attachments: [],
      createdAt: index,
    }),
  ),
  {
    id: "last",
    role: "user",
    content: `<${shapes.length}>`,
    parts: [],
    attachments: [],
    createdAt: shapes.length,
  },
];

const promptOf = (messages: ContextMessage[], window: number, more: Partial<Asked> = {}) =>
  chatPrompt(
    {
      systemPrompt: "You sell tea.",
      messages,
      omitted: 0,
      summary: null,
      tokensPerByte: null,
      ...more,
    },
    { window, answer: 500 },
  );

const callsOf = (turn: PromptMessage | undefined): string[] =>
  turn && "blocks" in turn
    ? turn.blocks.flatMap((block) => (block.type === "tool_call" ? block.id : []))
    : [];
const answersOf = (turn: PromptMessage | undefined): string[] =>
  turn && "answers" in turn ? turn.answers.map(({ callId }) => callId) : [];

describe("A context, over 10 000 histories", () => {
  it("fits the window, alternates, has the first message and the last, and every call with its result right behind it", () => {
    fc.assert(
      fc.property(
        fc.array(saidShape, { minLength: 1, maxLength: 14 }),
        fc.integer({ min: 5000, max: 20_000 }),
        fc.option(fc.integer({ min: 1, max: 5000 }), { nil: null }),
        (shapes, window, summarised) => {
          const known = summarised === null ? {} : { summary: "s".repeat(summarised), memories: ["m", "n"] };
          const { system, messages } = promptOf(messagesOf(shapes), window, known);
          const pieces = messages.flatMap(piecesOf);
          const tokens = pieces.reduce((sum, piece) => sum + tokensOf(piece), tokensOf(system));
          if (tokens + 500 > window) throw new Error(`${tokens} tokens do not fit ${window}`);
          for (const [index, turn] of messages.entries()) {
            if (turn.role !== (index % 2 === 0 ? "user" : "assistant")) throw new Error("No turn about");
            const called = callsOf(turn);
            if (called.join() !== answersOf(messages[index + 1]).join())
              throw new Error("A result is missing");
            if (index === 0 && answersOf(turn).length > 0) throw new Error("A result of nothing");
          }
          const numbers = pieces.flatMap((piece) =>
            [...piece.matchAll(/<(\d+)>/g)].map(([, n]) => Number(n)),
          );
          if (numbers.at(-1) !== shapes.length) throw new Error("The newest message is missing");
          const first = [...shapes.map(({ role }) => role), "user"].indexOf("user");
          if (!numbers.includes(first)) throw new Error("The person's first message is missing");
          if (numbers.some((number, index) => index > 0 && number <= (numbers[index - 1] ?? 0)))
            throw new Error("A message stands twice, or out of its order");
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it("tells an answer whose results were lost by its text alone", () => {
    const shapes: Shape[] = [
      { role: "user", length: 1, rounds: [], isBroken: false },
      { role: "assistant", length: 5, rounds: [2], isBroken: true },
    ];
    const { messages } = promptOf(messagesOf(shapes), 20_000);
    expect(messages).toMatchObject([
      { role: "user" },
      { role: "assistant", texts: ["<1>äääää"] },
      { role: "user" },
    ]);
  });
});
