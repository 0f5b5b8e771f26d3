import { z } from "zod";
import type { RankedMemory } from "#src/objects/memory.ts";
import { cutText } from "#src/text/cut-text.ts";

/** The type of memories that say how something was reasoned about, and how well that went. */
export const reasoningPattern = "reasoning_pattern";

const outputSchema = z.looseObject({
  reasoning_type: z.string(),
  reasoning_steps: z.array(z.looseObject({ description: z.string() })),
  conclusion: z.string(),
  confidence: z.number().min(0).max(1),
});

/** Of a text, what a pattern keeps, in UTF-16 units. */
const longest = { problem: 2000, step: 300, conclusion: 1000 } as const;

/** Below this a pattern is told to nobody: it has misled. */
const leastUseful = 0.25;

/** How far one outcome moves what is thought of a pattern. */
const weight = 0.4;

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null)
    for (const [name, part] of Object.entries(value)) if (name !== "action") yield* textsIn(part);
}

/** What a question is about: its texts, without the words of its form, which all questions have. */
export const subjectOf = (input: unknown): string => [...textsIn(input)].join("\n");

/** How a task has reasoned, from what it was asked and what it put out; undefined of anything else. */
export function patternOf(
  input: unknown,
  output: unknown,
): { content: string; effectiveness: number } | undefined {
  const { data } = outputSchema.safeParse(output);
  if (!data) return undefined;
  const { reasoning_type: problem_type, reasoning_steps: steps, conclusion, confidence } = data;
  const content = JSON.stringify({
    problem_type,
    problem: cutText(subjectOf(input), longest.problem),
    pattern: steps.map(({ description }) => cutText(description, longest.step)),
    conclusion: cutText(conclusion, longest.conclusion),
  });
  // Until it is known what came of it, it is as good as it was sure of itself.
  return { content, effectiveness: confidence };
}

/** What is thought of a pattern when something has come of it. @param outcome from 0, it has misled, to 1 */
export const learnedFrom = (effectiveness: number, outcome: number): number =>
  Math.round((effectiveness + weight * (outcome - effectiveness)) * 1000) / 1000;

const metadataSchema = z.looseObject({ effectiveness: z.number().min(0).max(1).catch(0.5) });

/** What is thought of a pattern. */
export const effectivenessOf = (metadata: Record<string, unknown>): number =>
  metadataSchema.parse(metadata).effectiveness;

/**
 * What is told of what was found, best first: patterns to whoever reasons, by how well they have done, and to nobody else.
 */
export function useful(
  found: readonly RankedMemory[],
  { reasons, limit }: { reasons: boolean; limit: number },
): RankedMemory[] {
  const weighed = found.flatMap((memory) => {
    if (memory.type !== reasoningPattern) return [memory];
    const effectiveness = effectivenessOf(memory.metadata);
    if (!reasons || effectiveness < leastUseful) return [];
    return [{ ...memory, score: memory.score * (0.5 + effectiveness / 2) }];
  });
  return weighed.sort((one, other) => other.score - one.score).slice(0, limit);
}
