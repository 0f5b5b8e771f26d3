import { and, eq, type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Database } from "#src/db/client.ts";
import { insertSelect, type RowSource } from "#src/db/insert-select.ts";
import {
  auditLog,
  eventOutbox,
  importJobs,
  importResults,
  subscriptions,
  userProfiles,
  users,
} from "#src/db/schema/index.ts";
import type { AuditAction } from "#src/kernel/audit-actions.ts";
import type { EventName } from "#src/kernel/event-catalogue.ts";
import type { ImportJob } from "./import-job-repository.ts";

/** A row on its way into the tables: ids made beforehand, the password hashed. */
export interface NewAccount {
  row: number;
  user_id: string;
  subscription_id: string;
  event_id: string;
  audit_id: string;
  email: string;
  hash: string;
  first_name?: string;
  last_name?: string;
  company?: string;
  /** How often it is tried to tell its owner how to choose a password. */
  mail_tries: number;
}

/** A row that is refused before anything is tried. */
export interface RefusedRow {
  row: number;
  error: string;
}

const of = (field: keyof NewAccount) => sql.raw(`value ->> '${field}'`);

/**
 * Takes rows over: account, profile, free subscription, event, audit row and the
 * result of each in one batch, which also moves the job on. Everything stands
 * under the condition that the job is still where it was read, so that rows
 * that are worked on twice are taken over once. An address that is taken refuses its row.
 */
export async function takeRowsOver(
  db: Database,
  job: ImportJob,
  {
    accounts,
    refused,
    now,
  }: { accounts: readonly NewAccount[]; refused: readonly RefusedRow[]; now: number },
): Promise<void> {
  const { id, clientId, actorId, ip, userAgent, nextRow } = job;
  const list = JSON.stringify(accounts);
  const isHere = sql`EXISTS (SELECT 1 FROM import_jobs WHERE id = ${id} AND next_row = ${nextRow} AND status = 'running')`;
  const isMade = sql`${isHere} AND EXISTS (SELECT 1 FROM users WHERE users.id = ${of("user_id")})`;
  const each = <T extends SQLiteTable>(table: T, row: RowSource<T>, condition: SQL) =>
    insertSelect(db, table, row, sql`FROM json_each(${list}) WHERE ${condition}`);
  const user = {
    id: of("user_id"),
    email: of("email"),
    passwordHash: of("hash"),
    role: "user",
    clientId,
    tier: "free",
    createdAt: now,
    updatedAt: now,
  } as const;
  const profile = {
    userId: of("user_id"),
    firstName: of("first_name"),
    lastName: of("last_name"),
    company: of("company"),
    preferences: {},
    updatedAt: now,
  };
  const subscription = {
    id: of("subscription_id"),
    userId: of("user_id"),
    tier: "free",
    status: "active",
    startDate: now,
    createdAt: now,
    updatedAt: now,
  } as const;
  const event = {
    id: of("event_id"),
    clientId,
    event: "user.created" satisfies EventName,
    entityId: of("user_id"),
    ownerUserId: of("user_id"),
    data: sql`json_object('user_id', ${of("user_id")}, 'email', ${of("email")})`,
    createdAt: now,
  };
  const audit = {
    id: of("audit_id"),
    actorId,
    action: "user.imported" satisfies AuditAction,
    targetType: "user",
    targetId: of("user_id"),
    clientId,
    details: sql`json_object('job_id', ${id}, 'row', ${of("row")})`,
    ip,
    userAgent,
    createdAt: now,
  };
  const result = {
    jobId: id,
    row: of("row"),
    userId: sql`users.id`,
    error: sql`CASE WHEN users.id IS NULL THEN 'A user with this e-mail exists' END`,
    mailTries: sql`CASE WHEN users.id IS NULL THEN 0 ELSE ${of("mail_tries")} END`,
  };
  const refusal = { jobId: id, row: sql`value ->> 'row'`, error: sql`value ->> 'error'`, mailTries: 0 };
  await db.batch([
    each(users, user, isHere).onConflictDoNothing(),
    each(userProfiles, profile, isMade),
    each(subscriptions, subscription, isMade),
    each(eventOutbox, event, isMade),
    each(auditLog, audit, isMade),
    insertSelect(
      db,
      importResults,
      result,
      sql`FROM json_each(${list}) LEFT JOIN users ON users.id = ${of("user_id")} WHERE ${isHere}`,
    ),
    insertSelect(db, importResults, refusal, sql`FROM json_each(${JSON.stringify(refused)}) WHERE ${isHere}`),
    db
      .update(importJobs)
      .set({ nextRow: nextRow + accounts.length + refused.length, attempts: 0, updatedAt: now })
      .where(and(eq(importJobs.id, id), eq(importJobs.nextRow, nextRow), eq(importJobs.status, "running"))),
  ]);
}
