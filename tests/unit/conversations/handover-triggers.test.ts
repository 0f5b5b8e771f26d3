import { describe, expect, it } from "vitest";
import { handoverCause } from "#src/conversations/index.ts";

const words = (...phrases: string[]) => ({ words: phrases, unhelpfulTurns: false });

describe("What a person is to take over for", () => {
  it.each([
    ["human", "I want a human, please", true],
    ["human", "How humane of you", false],
    ["real person", "a Real\nPerson", true],
    ["real person", "a real nice person", false],
    ["menschen", "Mit MENSCHEN sprechen!", true],
    ["人工", "我要人工客服", true],
    ["…", "…", false],
  ])("is a message with the words %j: %j", (phrase, content, isFor) => {
    const cause = handoverCause(words("other", phrase), { content, unhelpful: 0 });
    expect(cause).toBe(isFor ? "words" : undefined);
  });

  it("is what is said after two unhelpful answers, where the persona is published so", () => {
    const said = (unhelpful: number) => ({ content: "Hello?", unhelpful });
    const triggers = { words: [], unhelpfulTurns: true };
    expect(handoverCause(triggers, said(1))).toBeUndefined();
    expect(handoverCause(triggers, said(2))).toBe("unhelpful_turns");
    expect(handoverCause(words(), said(2))).toBeUndefined();
  });
});
