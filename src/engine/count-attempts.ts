import { type AttemptCounts, plusCounts } from "./attempt-counts.ts";
import { type AttemptUsage, plusUsage } from "./attempt-usage.ts";
import type { RunDraft } from "./run-draft.ts";

/** Counts finished attempts, and what they have used, in the run, and so in those above it. */
export const countAttempts = (draft: RunDraft, counts: AttemptCounts, usage: AttemptUsage): void =>
  draft.change({
    counted: plusCounts(draft.run.counted ?? {}, counts),
    used: plusUsage(draft.run.used ?? {}, usage),
  });
