import { digestOf } from "../digest.ts";

/** What a prompt is about: `topic: …`, `about …`, or its first words. */
function subjectOf(prompt: string): string {
  const [, named] = /(?:\btopic"?:\s*"?|\babout\s+)([^".\n<]{2,80})/i.exec(prompt) ?? [];
  return (
    named ??
    prompt
      .replaceAll(/<[^>]+>/g, " ")
      .trim()
      .split(/\s+/)
      .slice(0, 8)
      .join(" ")
  ).trim();
}

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
];
const closings = [
  "Try one small step this week and note what changes.",
  "Keep what proves useful; leave the rest.",
  "The next chapter is yours to write.",
];

const pick = <T>(choices: readonly T[], seed: number): T | undefined => choices[seed % choices.length];

/** A short article about the prompt's subject; the same prompt always gives the same one. */
export function composeText(prompt: string): string {
  const subject = subjectOf(prompt);
  const seed = digestOf(prompt);
  const title = subject.charAt(0).toUpperCase() + subject.slice(1);
  return [
    `# ${title}`,
    `${pick(openings, seed)} ${subject}. ${pick(turns, seed)}`,
    `${pick(turns, seed + 1)} ${pick(turns, seed + 2)}`,
    `${pick(closings, seed)}`,
  ].join("\n\n");
}

/** A value that fits a tool's JSON Schema. Booleans are true and scores high, so that reviews pass unless asked not to. */
export function fillSchema(schema: Record<string, unknown>, prompt: string): unknown {
  const { type, properties, items, enum: choices, minimum = 0, maximum, description } = schema;
  if (Array.isArray(choices)) return choices[0];
  switch (type) {
    case "object":
      return Object.fromEntries(
        Object.entries(isObject(properties) ? properties : {}).map(([name, property]) => [
          name,
          fillSchema(isObject(property) ? property : {}, prompt),
        ]),
      );
    case "array":
      return [fillSchema(isObject(items) ? items : {}, prompt)];
    case "boolean":
      return !prompt.includes("#reject");
    case "number":
    case "integer": {
      const top = typeof maximum === "number" ? maximum : 1;
      const value = Number(minimum) + (top - Number(minimum)) * (prompt.includes("#reject") ? 0.3 : 0.85);
      return type === "integer" ? Math.round(value) : Math.round(value * 100) / 100;
    }
    default:
      return typeof description === "string" ? `${description} (${subjectOf(prompt)})` : subjectOf(prompt);
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
