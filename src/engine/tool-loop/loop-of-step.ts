import { actionOf } from "../plans/actions.ts";
import type { Step } from "../plans/plan.ts";
import { conversationTools } from "./built-in-tools.ts";
import { offeredTools, type ToolSurroundings } from "./offered-tools.ts";
import type { ToolLoop } from "./tool-loop.ts";

/** What bounds a step of rounds that does not say so itself. */
export const loopDefaults = { maxTurns: 8, maxCalls: 16 } as const;

/** Actions whose model may be given tools, and what follows when it has used up its turns. */
const loopActions: ReadonlyMap<string, ToolLoop["onLimit"]> = new Map([
  ["ai_text_generate", "fail"],
  ["chat_turn", "answer"],
]);

const isTurn = ({ action }: Pick<Step, "action">): boolean => actionOf(action) === "chat_turn";

export const takesTools = ({ action }: Pick<Step, "action">): boolean => loopActions.has(actionOf(action));

/** Whether a step is one of rounds: a model that may ask for tools. */
export const hasRounds = (step: Step | undefined): boolean =>
  step?.tools !== undefined && step.tools.length > 0 && takesTools(step);

/** What bounds a step of rounds. */
export const boundsOf = (step: Step): Pick<ToolLoop, "maxTurns" | "maxCalls" | "onLimit"> => ({
  maxTurns: step.max_turns ?? loopDefaults.maxTurns,
  maxCalls: step.max_calls ?? loopDefaults.maxCalls,
  onLimit: step.on_limit ?? loopActions.get(actionOf(step.action)) ?? "fail",
});

/** The loop that a step of rounds is. */
export const loopOf = (step: Step, around: ToolSurroundings): ToolLoop => ({
  ...boundsOf(step),
  tools: offeredTools(step.tools ?? [], { ...around, more: isTurn(step) ? conversationTools : [] }),
});
