import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import { continueImport, leaseMilliseconds } from "#src/administration/user-import/continue-import.ts";
import { writeImportFiles } from "#src/administration/user-import/import-files.ts";
import {
  findImportJob,
  idleImportJobs,
  insertImportJob,
  leaseImportJob,
} from "#src/administration/user-import/import-job-repository.ts";
import { importProblems, mailsDue } from "#src/administration/user-import/import-result-repository.ts";
import { takeRowsOver } from "#src/administration/user-import/import-row-repository.ts";
import { importUsers } from "#src/administration/user-import/import-users.ts";
import { importJobSchema } from "#src/administration/user-import/schemas.ts";
import { sweepImports } from "#src/administration/user-import/sweep-imports.ts";
import type { Clock } from "#src/kernel/clock.ts";
import { newSealKey } from "#src/kernel/sealed-text.ts";
import { perform } from "#src/operation/perform.ts";
import type { UserImportMessage } from "#src/tasks/user-import-message.ts";
import { present } from "../support/personas.ts";
import { testPlatform } from "../support/platform-in-process.ts";
import { createClient, createUser } from "../support/users.ts";
import { operator } from "../unit/administration/accounts.ts";
import {
  allOf,
  collecting,
  counted,
  deliverStep,
  drive,
  fileOf,
  lettersTo,
  reportOf,
  startedJob,
  stepOf,
} from "../unit/administration/user-import/imports.ts";
import { db, later } from "./user-imports.ts";

/** A step of few rows, so that a job of 101 takes several. */
const few = { rows: 40, passwords: 5, mails: 0 };

/** Jobs that the sweep has gone on with. */
async function swept(clock: Clock): Promise<string[]> {
  const asked: UserImportMessage[] = [];
  await sweepImports(testPlatform({ clock, queues: { of: () => collecting(asked), all: () => [] } }));
  return asked.map(({ job_id }) => job_id);
}

/** R2 whose reads fail as often as said. */
const failingBlobs = (failures: number): R2Bucket =>
  new Proxy(env.BLOBS, {
    get: (target, name) => {
      if (name === "get" && failures-- > 0) return () => Promise.reject(new Error("R2 is away"));
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });

describe("An import", () => {
  it("shows how far it is after each step", async () => {
    const { job_id } = await startedJob("fault_progress", fileOf("fault-progress"));
    const seen: number[] = [];
    let state = "more";
    while (seen.at(-1) !== 101 && state === "more") {
      state = await continueImport(testPlatform(), job_id, few);
      seen.push((await reportOf(job_id)).total_processed);
    }
    expect(seen).toEqual([40, 80, 101]);
    expect(await reportOf(job_id)).toMatchObject({ status: "running", successful: 101 });
    expect(await drive(job_id)).toMatchObject({ status: "completed", successful: 101 });
  });

  it("makes each account once and mails it once when every message comes three times, all at once", async () => {
    const { job_id } = await startedJob("fault_thrice", fileOf("fault-thrice"));
    expect(await drive(job_id, 3)).toMatchObject({ status: "completed", successful: 101, failed: 0 });
    expect(await counted("fault_thrice")).toEqual(allOf(101));
    expect(await lettersTo("7@fault-thrice.example")).toHaveLength(1);
  });

  it("is not done again by a message that comes after its end", async () => {
    const { job_id } = await startedJob("fault_late", fileOf("fault-late"));
    const done = await drive(job_id);
    const { asked, acknowledged } = await deliverStep(stepOf(job_id));
    expect([asked, acknowledged]).toEqual([[], 1]);
    expect(await reportOf(job_id)).toEqual(done);
  });

  it("takes the same rows over once when two have read them", async () => {
    const { job_id } = await startedJob("fault_chunk", fileOf("fault-chunk"));
    const job = present(await findImportJob(db, job_id));
    const account = (user_id: string) => ({
      row: 2,
      user_id,
      subscription_id: `s-${user_id}`,
      event_id: `e-${user_id}`,
      audit_id: `a-${user_id}`,
      email: `${user_id}@chunk.example`,
      hash: "none",
      mail_tries: 0,
    });
    const [first, second] = [uuidv7(), uuidv7()];
    for (const id of [first, second]) {
      await takeRowsOver(db, job, { accounts: [account(id)], refused: [{ row: 3, error: "x" }], now: 1 });
    }
    expect(await counted("fault_chunk")).toEqual(allOf(1));
    expect(await reportOf(job_id)).toMatchObject({ total_processed: 2, created_user_ids: [first] });
  });

  it("whose step was killed is left alone until the lease is over, then goes on where it was", async () => {
    const { job_id } = await startedJob("fault_killed", fileOf("fault-killed"));
    await continueImport(testPlatform(), job_id, few);
    // A step that is killed gives nothing back.
    await leaseImportJob(db, job_id, Date.now(), Date.now() + leaseMilliseconds);
    expect((await deliverStep(stepOf(job_id))).asked).toEqual([]);
    expect((await reportOf(job_id)).total_processed).toBe(40);
    expect(await swept({ now: Date.now })).not.toContain(job_id);
    expect(await swept(later)).toContain(job_id);
    let state = "more";
    while (state === "more") {
      state = await continueImport(testPlatform({ clock: later }), job_id, { ...few, mails: 360 });
    }
    expect(await reportOf(job_id)).toMatchObject({ status: "completed", successful: 101 });
    expect(await counted("fault_killed")).toEqual(allOf(101));
  });

  it("whose rows cannot be read for a moment is delivered again and loses none", async () => {
    const { job_id } = await startedJob("fault_blobs", fileOf("fault-blobs"));
    expect(await deliverStep(stepOf(job_id), { BLOBS: failingBlobs(1) })).toMatchObject({
      retried: 1,
      acknowledged: 0,
    });
    expect(await reportOf(job_id)).toMatchObject({ status: "running", total_processed: 0 });
    expect(await drive(job_id)).toMatchObject({ status: "completed", successful: 101 });
  });

  it("of a small file whose first step fails goes on as a job", async () => {
    const { actor } = await operator();
    const client_id = await createClient("fault_direct");
    const asked: UserImportMessage[] = [];
    const platform = testPlatform({
      blobs: failingBlobs(1),
      queues: { of: () => collecting(asked), all: () => [] },
    });
    const file = new File([fileOf("fault-direct", 2)], "users.csv");
    const { output } = await perform(importUsers, platform, actor, { body: { file, client_id } });
    const { job_id } = importJobSchema.parse(output);
    expect(asked).toEqual([stepOf(job_id)]);
    expect(await drive(job_id)).toMatchObject({ status: "completed", successful: 2 });
  });

  it("that never moves on is given up in the end, and its rows are removed", async () => {
    const { job_id } = await startedJob("fault_hopeless", fileOf("fault-hopeless"));
    const broken = testPlatform({ blobs: failingBlobs(1000) });
    for (let attempt = 0; attempt < 20; attempt++) {
      await expect(continueImport(broken, job_id, few)).rejects.toThrow("R2 is away");
    }
    expect(await continueImport(testPlatform(), job_id, few)).toBe("done");
    expect(await reportOf(job_id)).toMatchObject({ status: "failed", total_processed: 0 });
    expect((await env.BLOBS.list({ prefix: `imports/${job_id}/` })).objects).toEqual([]);
    expect(await findImportJob(db, job_id)).toMatchObject({ rowsKey: null });
  });

  it("whose rows were moved or changed in R2 takes none of them over", async () => {
    const [one, other] = [
      await startedJob("fault_moved", fileOf("fault-moved")),
      await startedJob("fault_changed", fileOf("fault-changed")),
    ];
    const rowsOf = async (jobId: string) => {
      const name = `imports/${jobId}/0.sealed`;
      return { name, bytes: new Uint8Array(await present(await env.BLOBS.get(name)).arrayBuffer()) };
    };
    const [moved, changed] = [await rowsOf(one.job_id), await rowsOf(other.job_id)];
    await env.BLOBS.put(moved.name, changed.bytes);
    await env.BLOBS.put(changed.name, changed.bytes.with(100, (changed.bytes[100] ?? 0) ^ 1));
    for (const { job_id } of [one, other]) {
      expect(await deliverStep(stepOf(job_id))).toMatchObject({ retried: 1, acknowledged: 0 });
      expect(await reportOf(job_id)).toMatchObject({ status: "running", total_processed: 0 });
    }
  });

  it("whose next message was lost is taken up by the sweep, one in work is not", async () => {
    const lost = await startedJob("fault_lost", fileOf("fault-lost"));
    expect(await swept({ now: Date.now })).not.toContain(lost.job_id);
    expect(await swept(later)).toContain(lost.job_id);
  });

  it("that was interrupted while its file was stored is given up, not taken for whole", async () => {
    const { userId, clientId } = (await createUser("fault_preparing")).actor;
    const id = uuidv7();
    const rowsKey = newSealKey();
    const now = Date.now();
    await insertImportJob(db, {
      id,
      clientId,
      status: "preparing",
      totalRows: 1000,
      nextRow: 0,
      leaseUntil: 0,
      attempts: 0,
      rowsKey,
      actorId: userId,
      ip: "",
      userAgent: "",
      createdAt: now,
      updatedAt: now,
      completedAt: null,
    });
    await writeImportFiles(env.BLOBS, { id, rowsKey }, [{ row: 2, error: "x" }], () => "u");
    await swept(later);
    expect(await reportOf(id)).toMatchObject({ status: "preparing" });
    await swept({ now: () => now + 601_000 });
    expect(await reportOf(id)).toMatchObject({ status: "failed" });
    expect((await env.BLOBS.list({ prefix: `imports/${id}/` })).objects).toEqual([]);
  });

  it("is forgotten thirty days after its end", async () => {
    const { job_id } = await startedJob("fault_old", fileOf("fault-old"));
    await drive(job_id);
    await swept({ now: () => Date.now() + 29 * 86_400_000 });
    expect(await reportOf(job_id)).toMatchObject({ status: "completed" });
    await swept({ now: () => Date.now() + 31 * 86_400_000 });
    await expect(reportOf(job_id)).rejects.toThrow("404");
    expect(await counted("fault_old")).toEqual(allOf(101));
  });
});

it("What is left of an import is found by indexes, however much is done", async () => {
  const plansOf = async (query: { toSQL(): { sql: string; params: unknown[] } }) => {
    const { sql, params } = query.toSQL();
    const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...params)
      .all<{ detail: string }>();
    return results.map(({ detail }) => detail).join("\n");
  };
  for (const [query, index] of [
    [mailsDue(db, "x", 90), "import_results_mails"],
    [importProblems(db, "x", 90), "import_results_errors"],
    [idleImportJobs(db, 1, 50), "import_jobs_unfinished"],
  ] as const) {
    const plan = await plansOf(query);
    expect(plan).toContain(index);
    expect(plan).not.toMatch(/TEMP B-TREE|SCAN (?!.*USING (?:COVERING )?INDEX)/);
  }
});
