import { TaskError } from "#src/engine/task-error.ts";
import {
  asked,
  type Generation,
  type GenerationRequest,
  type TextModels,
  type ToolOffer,
} from "#src/providers/index.ts";
import type { TaskWork } from "#src/tasks/index.ts";
import { dataBlock } from "./data-blocks.ts";
import { generate } from "./generate.ts";

/** The value, or what is wrong with it. */
export type Verdict<T> = { ok: true; value: T } | { ok: false; problems: string[] };

export interface StructuredRequest extends Omit<GenerationRequest, "messages" | "tools" | "calls"> {
  /** Parts of the question. */
  user: readonly string[];
  /** What the answer is handed in with. */
  tool: ToolOffer;
}

const maxProblems = 20;

/**
 * Asks for an answer of a given form: by a tool, or as JSON where the model
 * answers in words all the same. An answer that does not pass the check gets one
 * chance to be repaired.
 * @throws TaskError `AI_SERVICE_ERROR` with the problems left after the repair
 */
export async function structuredAnswer<T>(
  task: TaskWork,
  providers: TextModels,
  { user, tool, ...settings }: StructuredRequest,
  check: (answer: unknown) => Verdict<T>,
  part?: string,
): Promise<T> {
  const request = { ...settings, tools: [tool], calls: "one" } as const;
  const handIn = `Hand in your answer with the tool ${tool.name}.`;
  const messages = asked(...user, handIn);
  const first = answerIn(await generate(task, providers, { ...request, messages }, { part }), tool);
  const verdict = check(first);
  if (verdict.ok) return verdict.value;
  task.logger.info("answer does not have the form asked for; one repair", {
    problems: verdict.problems.length,
  });
  const repair = asked(
    ...user,
    dataBlock("your_previous_answer", first ?? ""),
    dataBlock("problems_found", verdict.problems.slice(0, maxProblems)),
    `Correct your previous answer so that none of the problems is left. ${handIn}`,
  );
  const repairPart = [part, "repair"].filter(Boolean).join(":");
  const second = check(
    answerIn(await generate(task, providers, { ...request, messages: repair }, { part: repairPart }), tool),
  );
  if (second.ok) return second.value;
  throw new TaskError("AI_SERVICE_ERROR", "The answer does not have the form asked for", {
    details: { problems: second.problems.slice(0, maxProblems) },
    retryable: true,
  });
}

const fenced = /```(?:json)?\s*\n([\s\S]*?)\n\s*```/;

/** The answer as a value; the words themselves when they are no JSON. */
function answerIn({ calls, text }: Generation, { name }: ToolOffer): unknown {
  const handedIn = calls.find((call) => call.name === name);
  if (handedIn) return handedIn.input;
  try {
    return JSON.parse(fenced.exec(text)?.[1] ?? text);
  } catch {
    return text;
  }
}
