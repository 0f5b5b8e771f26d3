import { cutText } from "#src/text/cut-text.ts";
import { bearsFailures } from "./bears-failures.ts";
import type { RunDraft } from "./run-draft.ts";
import type { TaskState } from "./run-state.ts";
import { showWaiting } from "./step-news.ts";
import { failStep, joinTasks, settle } from "./step-transitions.ts";
import { failTask } from "./task-transitions.ts";
import { gateOfTask, pausesOf, questionsOf } from "./waiting.ts";

interface Answer {
  approved: boolean;
  feedback?: unknown;
  /** Null when nobody answered in time and the plan has an answer for that. */
  userId: string | null;
}

/** Somebody has answered. */
export function onAnswered(draft: RunDraft, { step, ...answer }: Answer & { step?: string }): boolean {
  const isMeant = (gate: string) => step === undefined || gate === step;
  const [paused, ...others] = pausesOf(draft.run).filter(({ name }) => isMeant(name));
  const [asked, ...more] = questionsOf(draft.run).filter((task) => isMeant(gateOfTask(task)));
  // Which of several is meant, nobody can tell.
  if (others.length + more.length > 0 || (paused !== undefined) === (asked !== undefined)) return false;
  if (paused) answerPause(draft, paused.name, answer);
  if (asked) answerQuestion(draft, asked, answer);
  return true;
}

/** A person has said whether a tool may be used. One that may not is an error that the model is told. */
function answerQuestion(draft: RunDraft, task: TaskState, { approved, feedback, userId }: Answer): undefined {
  if (!task.ask) return;
  if (feedback !== undefined) draft.change({ extra: { ...draft.run.extra, human_feedback: feedback } });
  const answer = { approved, feedback: feedback ?? null, answeredBy: userId };
  draft.changeTask(task.id, { ask: { ...task.ask, answer } });
  if (!approved) {
    const said = typeof feedback === "string" ? `: ${cutText(feedback, 1000)}` : "";
    const error =
      userId === null
        ? { code: "APPROVAL_TIMEOUT", message: "Nobody has allowed it in time" }
        : { code: "TOOL_REFUSED", message: `A person has refused it${said}` };
    if (!bearsFailures(draft.run, task)) return failStep(draft, task.stepName, error, task.id);
    failTask(draft, task.id, error);
  }
  showWaiting(draft, task.stepName);
  joinTasks(draft, task.stepName);
}

/** Nobody has said in time whether a tool may be used: it may not. */
export const giveUpAsking = (draft: RunDraft, task: TaskState): undefined =>
  answerQuestion(draft, task, { approved: false, userId: null });

function answerPause(draft: RunDraft, name: string, { approved, feedback, userId }: Answer): undefined {
  if (feedback !== undefined) draft.change({ extra: { ...draft.run.extra, human_feedback: feedback } });
  const output = { approved, feedback: feedback ?? null, answered_by: userId };
  if (approved) return settle(draft, name, { status: "completed", passed: true, output });
  draft.changeStep(name, { output });
  failStep(draft, name, {
    code: "WORKFLOW_REJECTED",
    message: "Workflow rejected by user",
    details: { step: name, ...output },
  });
}

/** Nobody answered in time: the plan's own answer is taken, or the pause fails. */
export function giveUpWaiting(draft: RunDraft, name: string): undefined {
  const answer = draft.run.header.plan.steps[name]?.default_answer;
  if (answer) return answerPause(draft, name, { ...answer, userId: null });
  failStep(draft, name, {
    code: "APPROVAL_TIMEOUT",
    message: "Nobody answered in time",
    details: { step: name },
  });
}
