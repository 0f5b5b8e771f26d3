import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { allJobs, finishJob, type JobRow, renewLeases, takeJobs } from "#src/jobs/job-repository.ts";
import { type Job, leaseMs, runFreeJobs } from "#src/jobs/run-free-jobs.ts";
import { createLogger } from "#src/observability/logger.ts";
import { testPlatform } from "../../support/platform-in-process.ts";

const db = database(env.DB);
/** Everybody's clock. */
let now = 1_000_000;
const quiet = createLogger("test", "error", {}, { write: () => undefined });
const platform = () => testPlatform({ clock: { now: () => now }, log: quiet });
const run = (jobs: Record<string, Job>) => runFreeJobs(platform(), jobs, now);

const rowOf = async (job: string): Promise<JobRow> => {
  const row = (await allJobs(db)).find((each) => each.job === job);
  if (!row) throw new Error(`${job} has never run`);
  return row;
};

/** A job that waits until it is let go, and counts how often it was begun. */
function heldJob() {
  const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const state = { begins: 0 };
  const job: Job = async () => {
    state.begins += 1;
    begin();
    await gate;
    return 3;
  };
  return { job, state, letGo, begun };
}

beforeEach(async () => {
  await env.DB.prepare("DELETE FROM job_runs").run();
});

describe("A job", () => {
  it("that two ticks come for at once is run by one of them", async () => {
    const { job, state, letGo, begun } = heldJob();
    const first = run({ slow: job });
    await begun;
    await Promise.all([run({ slow: job }), run({ slow: job })]);
    expect(state.begins).toBe(1);
    letGo();
    await first;
    await run({ slow: job });
    expect(state.begins).toBe(2);
  });

  it("leaves what came of it: when, for how long, how much", async () => {
    const begun = now;
    await run({
      work: async () => {
        now += 1500;
        return 7;
      },
    });
    expect(await rowOf("work")).toMatchObject({
      startedAt: begun,
      finishedAt: begun + 1500,
      durationMs: 1500,
      outcome: "completed",
      error: null,
      count: 7,
      runs: 1,
      failures: 0,
      leaseUntil: 0,
    });
  });

  it("that fails leaves its error, holds up no other, and is run again by the next tick", async () => {
    const jobs = {
      broken: async () => {
        throw new TypeError("Nothing works");
      },
      works: async () => 1,
    };
    await run(jobs);
    await run(jobs);
    const failed = {
      outcome: "failed",
      error: "TypeError: Nothing works",
      count: null,
      runs: 2,
      failures: 2,
    };
    expect(await rowOf("broken")).toMatchObject(failed);
    expect(await rowOf("works")).toMatchObject({ outcome: "completed", runs: 2 });
    await run({ ...jobs, broken: async () => 0 });
    expect(await rowOf("broken")).toMatchObject({ outcome: "completed", error: null, runs: 3, failures: 2 });
  });

  it("whose holder has died is taken by another when the lease has run out, and not before", async () => {
    await takeJobs(db, ["work"], { holder: "dead", now, until: now + leaseMs });
    let begins = 0;
    const jobs = { work: async () => (begins += 1) };
    now += leaseMs - 1;
    await run(jobs);
    expect(begins).toBe(0);
    now += 1;
    await run(jobs);
    expect(begins).toBe(1);
  });

  it("is held for as long as its holder renews its lease", async () => {
    await takeJobs(db, ["long", "short"], { holder: "alive", now, until: now + leaseMs });
    const done = { finishedAt: now, durationMs: 0, outcome: "completed", error: null, count: 0 } as const;
    await finishJob(db, { job: "short", holder: "alive" }, done);
    now += leaseMs - 1;
    await renewLeases(db, { holder: "alive", now, until: now + leaseMs });
    now += leaseMs - 1;
    const begun: string[] = [];
    const note = (name: string) => async () => begun.push(name);
    await run({ long: note("long"), short: note("short") });
    expect(begun).toEqual(["short"]);
  });

  it("that was taken over is not written down by who had it before", async () => {
    const { job, letGo, begun } = heldJob();
    const late = run({ work: job });
    await begun;
    now += leaseMs;
    await run({ work: async () => 1 });
    letGo();
    await late;
    expect(await rowOf("work")).toMatchObject({ count: 1, runs: 2 });
  });

  it("that there is no more is forgotten after a day", async () => {
    await run({ former: async () => 1 });
    now += 86_400_000;
    await run({ work: async () => 1 });
    expect((await allJobs(db)).map(({ job }) => job)).toEqual(["former", "work"]);
    now += 1;
    await run({ work: async () => 1 });
    expect((await allJobs(db)).map(({ job }) => job)).toEqual(["work"]);
  });
});
