import { digestOf } from "../digest.ts";
import { subjectOf } from "./subject.ts";

const openings = [
  "Start with",
  "Few subjects reward attention like",
  "Everybody has met",
  "It is easy to overlook",
];
const turns = [
  "What matters first is what people do with it on an ordinary day.",
  "Look closely and the details carry the story: materials, hands, time.",
  "The sources agree on the outline and differ in the figures, which is where it becomes interesting.",
  "None of this is new, and all of it is worth doing carefully.",
  "Ask those who live with it and the answer is seldom the expected one.",
];
const closings = [
  "Try one small step this week and note what changes.",
  "Keep what proves useful; leave the rest.",
  "The next chapter is yours to write.",
];

export const pick = (choices: readonly string[], seed: number): string =>
  choices[seed % choices.length] ?? "";

/** Titles of the sources in a prompt's data. */
const sourcesIn = (prompt: string): string[] =>
  [...prompt.matchAll(/"title":\s*"([^"\n]{3,120})"/g)].flatMap(([, title]) => title ?? []).slice(0, 3);

/** A short article about the prompt's subject; the same prompt always gives the same one. */
export function composeText(prompt: string): string {
  const subject = subjectOf(prompt);
  const seed = digestOf(prompt);
  const sources = sourcesIn(prompt);
  return [
    `# ${subject.replace(/^./u, (first) => first.toUpperCase())}`,
    `${pick(openings, seed)} ${subject}. ${pick(turns, seed)}`,
    `${pick(turns, seed + 1)} ${pick(turns, seed + 2)}`,
    ...(sources.length > 0
      ? [`Worth reading on it: ${sources.map((title) => `“${title}”`).join(", ")}.`]
      : []),
    pick(closings, seed),
  ].join("\n\n");
}
