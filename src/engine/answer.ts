import type { RunDraft } from "./run-draft.ts";
import { failStep, settle } from "./step-transitions.ts";
import { pausesOf } from "./waiting.ts";

interface Answer {
  approved: boolean;
  feedback?: unknown;
  /** Null when nobody answered in time and the plan has an answer for that. */
  userId: string | null;
}

/** Somebody has answered. */
export function onAnswered(draft: RunDraft, { step, ...answer }: Answer & { step?: string }): boolean {
  const [paused, ...others] = pausesOf(draft.run).filter(({ name }) => step === undefined || name === step);
  // Which of several is meant, nobody can tell.
  if (!paused || others.length > 0) return false;
  answerPause(draft, paused.name, answer);
  return true;
}

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
