/**
 * What a word in the prompt (or the header `x-sandbox-mode`) makes the sandbox
 * do. `429-once` and `500-once` fail the first call of each idempotency key, so
 * that a run shows a retry that succeeds.
 */
export const failureModes = [
  "429-once",
  "500-once",
  "429",
  "529",
  "fail",
  "slow",
  "reset",
  "truncated",
  "empty",
  "refusal",
  "badimage",
  "huge",
] as const;

export type FailureMode = (typeof failureModes)[number];

/** The failure asked for by header or by `#word` in the text. */
export const failureModeOf = (request: Request, text: string): FailureMode | undefined => {
  const header = request.headers.get("x-sandbox-mode");
  return failureModes.find((mode) => header === mode || text.includes(`#${mode}`));
};

const seen = new Set<string>();
const mostSeen = 10_000;

/** Whether this key comes for the first time. */
export function isFirst(key: string): boolean {
  if (seen.has(key)) return false;
  if (seen.size >= mostSeen) seen.clear();
  seen.add(key);
  return true;
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** How late a `slow` answer is. */
export const slowMilliseconds = 3000;
