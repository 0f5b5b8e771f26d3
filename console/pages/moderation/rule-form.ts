import type { components } from "#client/index.ts";

type ModerationRule = components["schemas"]["ModerationRule"];
type NewRule = components["schemas"]["NewModerationRule"];

/** What becomes of a message that fits a rule: in a word, and in a sentence. */
export const actions: Record<ModerationRule["action"], { name: string; effect: string }> = {
  flag: { name: "Flagged", effect: "It is taken, and marked for the staff." },
  hold: {
    name: "Held",
    effect: "Its sender and the staff see it; nothing answers until the staff lets it stand.",
  },
  refuse: { name: "Refused", effect: "It is not taken." },
  ban: { name: "Refused, sender banned", effect: "It is not taken, and its sender may write no more." },
};

export const actionNames = [
  "flag",
  "hold",
  "refuse",
  "ban",
] as const satisfies readonly ModerationRule["action"][];

/** Words, one in a line. */
export const wordsOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** A rule as its form says it. A ban's time is in minutes; none is for good. */
export function ruleOf(form: FormData): NewRule {
  const action = actionNames.find((name) => name === form.get("action")) ?? "flag";
  const minutes = String(form.get("minutes") ?? "");
  return {
    name: String(form.get("name")),
    words: wordsOf(String(form.get("words"))),
    pattern: String(form.get("pattern")) || null,
    action,
    ban_seconds: action === "ban" && minutes !== "" ? Math.round(Number(minutes) * 60) : null,
  };
}
