import { TaskError } from "#src/engine/task-error.ts";

/** The reasoning agent's refusals (docs/agents.md#the-reasoning-agent). */
const messages = {
  REASONING_001: "Invalid input format",
  REASONING_002: "Insufficient context",
  REASONING_003: "Reasoning timeout",
  REASONING_004: "Conflicting constraints",
  REASONING_005: "Low confidence result",
} as const;

/** One of them, with its details; a timeout may be tried again. */
export const reasoningError = (code: keyof typeof messages, details: Record<string, unknown>): TaskError =>
  new TaskError(code, messages[code], { details, retryable: code === "REASONING_003" });
