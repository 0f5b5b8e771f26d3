import { z } from "zod";
import { agentTypeOfTopic } from "#src/engine/topics.ts";
import type { TaskAssignment } from "#src/objects/tasks-api.ts";
import { ProviderError, type TextModels } from "#src/providers/index.ts";
import type { TaskOutcome, TaskWork } from "#src/tasks/index.ts";
import { answerQuestion } from "./answer-question.ts";
import { type ReasoningAction, readQuestion, reasoningActions } from "./question.ts";
import { reasoningConfig } from "./reasoning-config.ts";
import { reasoningError } from "./reasoning-error.ts";
import { review } from "./review.ts";

const requestSchema = z.looseObject({
  action: z.string().max(64).optional(),
  data: z.record(z.string(), z.unknown()).optional(),
});

const isReasoningAction = (name: string): name is ReasoningAction =>
  reasoningActions.some((action) => action === name);

const reviewActions = ["reasoning_review", "review"];

/**
 * The reasoning agent. What is asked is named by the input's `action`, else by
 * there being content to review, else by the step's action.
 * @throws TaskError `REASONING_001` to `REASONING_005`
 */
export async function reason(task: TaskWork, providers: TextModels): Promise<TaskOutcome> {
  const { assignment, signal } = task;
  const { action: asked, data } = requestOf(assignment.input, assignment.action);
  const config = reasoningConfig(assignment, providers.models);
  try {
    const output = isReasoningAction(asked)
      ? await answerQuestion(task, providers, readQuestion(asked, data), config)
      : await review(task, providers, data, config);
    return { output };
  } catch (error) {
    if (signal.aborted || (error instanceof ProviderError && error.timedOut)) {
      throw reasoningError("REASONING_003", { reason: "The model did not answer in time" });
    }
    throw error;
  }
}

function requestOf(input: Record<string, unknown>, stepAction: string) {
  const parsed = requestSchema.safeParse(input);
  if (!parsed.success) throw reasoningError("REASONING_001", { problems: [z.prettifyError(parsed.error)] });
  const { action: named, data: nested, ...flat } = parsed.data;
  const data = nested ?? flat;
  const action = named ?? ("content_to_review" in data ? "review" : stepAction);
  if (isReasoningAction(action) || reviewActions.includes(action)) return { action, data };
  throw reasoningError("REASONING_001", {
    problems: [`action: One of ${[...reasoningActions, "review"].join(", ")}`],
  });
}

/** Whether a task is the reasoning agent's. */
export const isReasoning = ({ topic, action }: Pick<TaskAssignment, "topic" | "action">): boolean =>
  reviewActions.includes(action) || agentTypeOfTopic(topic) === "reasoning";
