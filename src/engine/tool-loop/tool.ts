import type { TaskState } from "../run-state.ts";

/** What may become of a call before it is carried out. */
export const verdicts = ["allow", "ask", "deny"] as const;
export type Verdict = (typeof verdicts)[number];

/** What a tool is given, or what is wrong with the arguments. */
export type ReadArguments = { ok: true; input: Record<string, unknown> } | { ok: false; problem: string };

/** Something that a model may have done. What does it is a task like any other: an action on a topic. */
export interface Tool extends Pick<TaskState, "action" | "topic"> {
  /** As plans and policies name it. */
  name: string;
  /** As a model calls it: letters, digits, _ and -. */
  calledBy: string;
  description: string;
  /**
   * Whether it changes what others see. Then it says itself, when it is to be carried out, what it would change, and that
   * a person is to allow that first, whatever a policy says (`ask-about-task.ts`).
   */
  changes?: true;
  /** What it takes, as JSON Schema. */
  inputSchema(): Record<string, unknown>;
  read(input: unknown): ReadArguments;
}

/** A tool as a model is told of it. */
export interface ToolDescription {
  name: string;
  description: string;
  inputSchema: Record<string, unknown>;
}

export const describe = ({ calledBy, description, inputSchema }: Tool): ToolDescription => ({
  name: calledBy,
  description,
  inputSchema: inputSchema(),
});
