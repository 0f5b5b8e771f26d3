import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Asked, chatPrompt } from "#src/agents/chat/chat-prompt.ts";
import { piecesOf, tokensOf } from "#src/agents/chat/tokens.ts";
import { type ContextMessage, contextRoles } from "#src/objects/turn-contract.ts";

const message = (role: ContextMessage["role"], content: string): ContextMessage => ({
  id: content,
  role,
  content,
  parts: [],
  attachments: [],
  createdAt: 0,
});

const context = (messages: ContextMessage[], omitted = 0): Asked => ({
  systemPrompt: "You sell tea.",
  messages,
  omitted,
  summary: null,
  tokensPerByte: null,
});

const wide = { window: 200_000, answer: 1000 };

const textsOf = (...given: Parameters<typeof chatPrompt>) =>
  chatPrompt(...given).messages.map((turn) => [turn.role, piecesOf(turn).join("|")]);

describe("What a persona is asked", () => {
  it("is the conversation in turns: each as whose it was, the first and the last the user's", () => {
    const messages = [message("user", "Tea?"), message("assistant", "Green."), message("user", "Why?")];
    expect(textsOf(context(messages), wide)).toEqual([
      ["user", "Tea?"],
      ["assistant", "Green."],
      ["user", "Why?"],
    ]);
  });

  it("begins with a line of ours where the persona spoke first, and has several messages of one side as one turn", () => {
    const messages = [message("assistant", "Welcome."), message("user", "Tea?"), message("user", "Green?")];
    expect(textsOf(context(messages), wide)).toEqual([
      ["user", "The conversation begins."],
      ["assistant", "Welcome."],
      ["user", "Tea?|Green?"],
    ]);
  });

  it("says that a colleague has answered, where one has", () => {
    const messages = [message("user", "Tea?"), message("agent", "I am Ada."), message("user", "Thanks")];
    expect(textsOf(context(messages), wide)[1]).toEqual([
      "assistant",
      "A colleague of yours, a person, has answered here:\nI am Ada.",
    ]);
  });

  it("has the first message and the newest ones where not all fit, and says how many are left out", () => {
    const messages = [
      message("user", "First"),
      ...Array.from({ length: 20 }, (_, index) =>
        message(index % 2 ? "user" : "assistant", `<${index}>${"x".repeat(3000)}`),
      ),
      message("user", "Last"),
    ];
    const asked = textsOf(context(messages, 7), { window: 6000, answer: 1000 }).flat().join("\n");
    expect(asked).toContain("First");
    expect(asked).toContain("Last");
    const left = Number(/\((\d+) earlier messages/.exec(asked)?.[1]);
    const shown = messages.filter(({ content }) => asked.includes(content)).length;
    expect(left).toBe(messages.length - shown + 7);
    expect(left).toBeGreaterThan(7);
  });

  it("fits the window whatever was said, alternates, has the newest message, and never one twice or out of order", () => {
    const said = fc.array(
      fc.record({ role: fc.constantFrom(...contextRoles), length: fc.integer({ min: 1, max: 4000 }) }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(said, fc.integer({ min: 8000, max: 40_000 }), (lengths, window) => {
        const messages = lengths.map(({ role, length }, index) =>
          message(role, `<${index}>${"ä".repeat(length)}`),
        );
        messages.push(message("user", `<${lengths.length}>`));
        const answer = 1000;
        const { system, messages: turns } = chatPrompt(context(messages), { window, answer });
        const texts = turns.flatMap(piecesOf);
        const tokens = texts.reduce((sum, text) => sum + tokensOf(text), tokensOf(system));
        expect(tokens + answer).toBeLessThanOrEqual(window);
        expect([turns.at(0)?.role, turns.at(-1)?.role]).toEqual(["user", "user"]);
        for (const [index, { role }] of turns.entries()) expect(role).not.toBe(turns[index + 1]?.role);
        const numbers = [...texts.join("").matchAll(/<(\d+)>/g)].map(([, number]) => Number(number));
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
        expect(numbers.at(-1)).toBe(lengths.length);
      }),
      { numRuns: 300 },
    );
  });
});
