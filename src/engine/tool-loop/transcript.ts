import { cutText } from "#src/text/cut-text.ts";
import { describe, type ToolDescription } from "./tool.ts";
import {
  type Decision,
  decisionsOf,
  isLastAnswer,
  type LoopTask,
  modelKey,
  type ToolCall,
  type ToolLoop,
} from "./tool-loop.ts";

/** What a call has come to, as the model is told. */
export interface ToolResult extends Pick<ToolCall, "id" | "name"> {
  text: string;
  isError: boolean;
}

/** A turn that is over: what the model's task gave, and a result for each of its calls, in their order. */
export interface LoopRound {
  answer: Record<string, unknown>;
  results: ToolResult[];
}

/** What a model's task needs to know of the step that it is a turn of. */
export interface Transcript {
  turn: number;
  tools: ToolDescription[];
  /** Whether this is the last answer, for which there are no tools any more. */
  isLast: boolean;
  rounds: LoopRound[];
}

/** Bytes of a result that a model is told; the whole of it stays with the task. */
export const maxResultBytes = 64 * 1024;

const encoder = new TextEncoder();

/** As much of a text as a result holds, no character cut, with a note where something is missing. */
function fitting(text: string): string {
  const { read } = encoder.encodeInto(text, new Uint8Array(maxResultBytes));
  return read === text.length
    ? text
    : `${cutText(text, read)}\n[Cut here: this is the beginning of ${encoder.encode(text).byteLength} bytes.]`;
}

function resultOf(decision: Decision, tasks: readonly LoopTask[]): ToolResult {
  const { id, name } = decision.call;
  const told = (text: string, isError: boolean) => ({ id, name, text: fitting(text), isError });
  if ("refusal" in decision) return told(decision.refusal, true);
  const task = tasks.find(({ key }) => key === decision.key);
  if (task?.output) return told(JSON.stringify(task.output), false);
  const { code = "CANCELLED", message = "It was not carried out" } = task?.error ?? {};
  return told(`${code}: ${message}`, true);
}

/** The turns before one, made of what their tasks have put out. */
export function transcriptOf(loop: ToolLoop, tasks: readonly LoopTask[], turn: number): Transcript {
  const rounds = Array.from({ length: turn }, (_, earlier): LoopRound => {
    const answer = tasks.find(({ key }) => key === modelKey(earlier))?.output ?? {};
    return {
      answer,
      results: decisionsOf(loop, tasks, earlier).map((decision) => resultOf(decision, tasks)),
    };
  });
  const tools = [...loop.tools.values()].filter(({ verdict }) => verdict !== "deny");
  return { turn, tools: tools.map(describe), isLast: isLastAnswer(loop, turn), rounds };
}
