import { v7 as uuidv7 } from "uuid";
import { hashPassword } from "#src/identity/index.ts";
import { readImportRows, removeImportFiles, type WaitingRow } from "./import-files.ts";
import {
  completeImportJob,
  failImportJob,
  type ImportJob,
  leaseImportJob,
  releaseImportJob,
  renewImportLease,
} from "./import-job-repository.ts";
import { type NewAccount, takeRowsOver } from "./import-row-repository.ts";
import type { Importing } from "./importing.ts";
import { mailNewAccounts } from "./mail-new-accounts.ts";

/** What may be done at most before somebody else goes on. */
export interface StepLimits {
  rows: number;
  passwords: number;
  mails: number;
}

/**
 * For one queue message. A password costs about 0.3 s of CPU of which a Worker
 * has 30 s; a mail is a call of which it has a thousand.
 */
export const messageLimits: StepLimits = { rows: 2500, passwords: 30, mails: 360 };

/** Between two renewals of the lease: seconds, also with a slow mail provider. */
const turnLimits = { passwords: 5, mails: 90 };
/** Longer than a turn takes; a step that was killed is taken up again after it. In milliseconds. */
export const leaseMilliseconds = 60_000;
/** A job that was taken up this often without moving on is given up. */
const maxAttempts = 20;
const mailTries = 3;

/** A PHC string that no password verifies against: the owner chooses one by the mailed token. */
const noPassword = "none";

const passwordsOf = (rows: readonly WaitingRow[]): number =>
  rows.filter(({ account }) => account?.password !== undefined).length;

/** As many of the first rows as may be taken over. */
function chunkOf(rows: readonly WaitingRow[], { rows: most, passwords }: StepLimits): WaitingRow[] {
  let seen = 0;
  const end = rows.findIndex(({ account }, index) => {
    if (account?.password !== undefined) seen++;
    return index >= most || seen > passwords;
  });
  return end === -1 ? [...rows] : rows.slice(0, end);
}

async function newAccount({ row, user_id, account }: WaitingRow, now: number): Promise<NewAccount[]> {
  if (!account) return [];
  const { password, ...facts } = account;
  const id = () => uuidv7({ msecs: now });
  return [
    {
      ...facts,
      row,
      user_id,
      subscription_id: id(),
      event_id: id(),
      audit_id: id(),
      hash: password === undefined ? noPassword : await hashPassword(password),
      mail_tries: password === undefined ? mailTries : 0,
    },
  ];
}

/** Takes the next rows over, and counts them off. */
async function takeTurn(
  { db, clock, blobs }: Importing,
  job: ImportJob,
  left: StepLimits,
): Promise<StepLimits> {
  const passwords = Math.min(left.passwords, turnLimits.passwords);
  const chunk = chunkOf(await readImportRows(blobs, job), { ...left, passwords });
  const accounts: NewAccount[] = [];
  for (const waiting of chunk) accounts.push(...(await newAccount(waiting, clock.now())));
  const refused = chunk.flatMap(({ row, error }) => (error === undefined ? [] : [{ row, error }]));
  if (chunk.length > 0) await takeRowsOver(db, job, { accounts, refused, now: clock.now() });
  return {
    ...left,
    // A turn that could take nothing ends the step.
    rows: chunk.length > 0 ? left.rows - chunk.length : 0,
    passwords: left.passwords - passwordsOf(chunk),
  };
}

/**
 * Goes on with an import job: takes rows over and mails their owners, up to the
 * limits. Safe to repeat, to interrupt and to do twice at once: each row is taken
 * over once, each mail sent at least once.
 * @returns `more` while something is left, `done` when the job has ended, `busy` when somebody else is at it
 */
export async function continueImport(
  platform: Importing,
  jobId: string,
  limits: StepLimits,
): Promise<"more" | "done" | "busy"> {
  const { db, clock, blobs } = platform;
  const until = () => clock.now() + leaseMilliseconds;
  let job = await leaseImportJob(db, jobId, clock.now(), until());
  if (!job) return "busy";
  if (job.attempts > maxAttempts) {
    await removeImportFiles(blobs, jobId);
    await failImportJob(db, jobId, clock.now());
    platform.log.error("import given up", { job_id: jobId, next_row: job.nextRow });
    return "done";
  }
  let held = job;
  let left = limits;
  try {
    while (job) {
      held = job;
      const mails = Math.min(left.mails, turnLimits.mails);
      const mailed = mails > 0 ? await mailNewAccounts(platform, jobId, mails) : 0;
      left = { ...left, mails: left.mails - mailed };
      if (mailed === 0) {
        if (job.nextRow === job.totalRows) return (await finish(platform, job)) ? "done" : "more";
        if (left.rows <= 0) return "more";
        left = await takeTurn(platform, job, left);
      }
      job = await renewImportLease(db, job, clock.now(), until());
    }
    return "busy";
  } finally {
    await releaseImportJob(db, held);
  }
}

/** Ends a job whose rows are all taken over, unless mails are left that were not to be sent in this step. */
async function finish({ db, clock, blobs }: Importing, job: ImportJob): Promise<boolean> {
  // First, because nobody looks for files of a job that has ended.
  await removeImportFiles(blobs, job.id);
  const { meta } = await completeImportJob(db, job, clock.now());
  return meta.changes > 0;
}
