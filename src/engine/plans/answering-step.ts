import { actionOf } from "./actions.ts";
import type { Plan, Step } from "./plan.ts";

/**
 * Whether a step answers a turn of a conversation. It names no topic: it has one only in a run that a conversation begins,
 * and so no other run has a way to it.
 */
export const isAnswering = ({ action, topic }: Pick<Step, "action" | "topic">): boolean =>
  actionOf(action) === "chat_turn" && topic === undefined;

/** The names of a plan's steps that answer turns of conversations. */
export const answeringSteps = ({ steps }: Pick<Plan, "steps">): string[] =>
  Object.entries(steps).flatMap(([name, step]) => (isAnswering(step) ? name : []));

/** Why a step cannot answer turns. */
export function* answeringProblems(
  plan: Plan,
  name: string,
  { for_each, input, tools }: Step,
): Generator<{ path: string; message: string }> {
  if (answeringSteps(plan)[0] !== name) yield { path: "action", message: "Another step answers already" };
  if (for_each !== undefined) yield { path: "for_each", message: "A turn is answered once" };
  if (input !== undefined)
    yield { path: "input", message: "What answers gets the turn, and reads the conversation" };
  if (tools !== undefined) yield { path: "tools", message: "Tools are those of the persona's publication" };
}
