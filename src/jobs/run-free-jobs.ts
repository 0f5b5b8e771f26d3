import { v7 as uuidv7 } from "uuid";
import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import { cutText } from "#src/text/cut-text.ts";
import { finishJob, type Lease, renewLeases, takeJobs } from "./job-repository.ts";

/**
 * Something that is done by the clock: safe to repeat, to interrupt and to do at the same time as another one, and
 * bounded in what it does at once.
 * @returns how much it has done
 */
export type Job = (platform: Platform, now: number) => Promise<number>;

/** Whoever is silent for longer than a lease has died, and another one takes the job. */
export const leaseMs = 120_000;
const renewalMs = 30_000;
/** A job that has not ended by then hangs: its lease is left to run out. */
const longestMs = 600_000;

/** Characters of an error that are remembered. */
const maxError = 500;

/**
 * Runs those of some jobs that nobody is at (docs/operations.md#jobs), all at once, and writes down how each went. One
 * that fails is logged and holds up no other.
 * @param now the time that it is done for, epoch milliseconds
 */
export async function runFreeJobs(
  platform: Platform,
  jobs: Readonly<Record<string, Job>>,
  now: number,
): Promise<void> {
  const { db, clock, log } = platform;
  const holder = uuidv7();
  const lease = (): Lease => ({ holder, now: clock.now(), until: clock.now() + leaseMs });
  const taken = await takeJobs(db, Object.keys(jobs), lease());
  const begun = clock.now();
  const renewal = setInterval(() => {
    if (clock.now() - begun > longestMs) return;
    renewLeases(db, lease()).catch((error: unknown) =>
      log.warn("leases of jobs not renewed", errorFields(error)),
    );
  }, renewalMs);
  try {
    await Promise.all(
      taken.map((job) => {
        const run = jobs[job];
        return run && runJob(platform, { job, holder }, () => run(platform, now));
      }),
    );
  } finally {
    clearInterval(renewal);
  }
}

async function runJob(
  { db, clock, log }: Platform,
  turn: { job: string; holder: string },
  run: () => Promise<number>,
): Promise<void> {
  const begun = clock.now();
  const { count, error } = await run().then(
    (done) => ({ count: done, error: null }),
    (thrown: unknown) => ({
      count: null,
      error: thrown instanceof Error ? thrown : new Error(String(thrown)),
    }),
  );
  const finishedAt = clock.now();
  const durationMs = finishedAt - begun;
  if (error) log.error("job failed", { job: turn.job, duration_ms: durationMs, ...errorFields(error) });
  else if (count) log.info("job done", { job: turn.job, duration_ms: durationMs, count });
  await finishJob(db, turn, {
    finishedAt,
    durationMs,
    count,
    outcome: error ? "failed" : "completed",
    error: error && toldError(error),
  }).catch((thrown: unknown) =>
    log.error("what came of a job was not written down", { job: turn.job, ...errorFields(thrown) }),
  );
}

/** What is remembered of an error: its name, and its words where they are ours. */
function toldError(error: Error): string {
  const { error_name, error_message } = errorFields(error);
  return cutText(`${error_name}: ${error_message}`, maxError);
}
