import { DurableObject } from "cloudflare:workers";
import type { Tier } from "#src/kernel/actor.ts";
import { type ObjectPlatformBindings, objectLogger, objectPlatformOf } from "#src/object-platform.ts";
import type {
  AccessGateApi,
  AccessLease,
  ConversationListener,
  TierChange,
} from "#src/objects/access-gate-api.ts";
import type { CallsAsked, CallsGranted } from "#src/objects/call-counts-api.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import { CallCounts } from "./call-counts.ts";
import { ConversationListeners } from "./conversation-listeners.ts";
import { Refusals } from "./refusals.ts";

/** Sessions, and changed tiers, in one answer: some 250 KB each. */
const maxRows = 5000;

interface TierRow extends Record<string, SqlStorageValue> {
  seq: number;
  userId: string;
  tier: Tier;
  changedAt: number;
  until: number;
}

/** Tables whose rows are numbered, so that only what is new is told. */
type NumberedTable = "revoked_sessions" | "changed_tiers";

/** Remembers whose tokens must no longer be accepted, for as long as such tokens could live; counts calls. */
export class AccessGate extends DurableObject<ObjectPlatformBindings> implements AccessGateApi {
  readonly #sql: SqlStorage;
  readonly #calls: CallCounts;
  readonly #refusals: Refusals;
  readonly #listeners: ConversationListeners;

  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS revoked_sessions (id TEXT PRIMARY KEY, until INTEGER NOT NULL);
      CREATE INDEX IF NOT EXISTS revoked_sessions_until ON revoked_sessions (until);
      CREATE TABLE IF NOT EXISTS changed_tiers (
        user_id TEXT PRIMARY KEY, tier TEXT NOT NULL, changed_at INTEGER NOT NULL, until INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS tenant (only INTEGER PRIMARY KEY CHECK (only = 1), active INTEGER NOT NULL);
    `);
    this.#calls = new CallCounts(this.#sql, (error) =>
      this.#logger.error("calls not written down", errorFields(error)),
    );
    this.#listeners = new ConversationListeners(this.#sql, (id) =>
      objectPlatformOf(env, ctx.id).objects.conversation(ctx.id.name ?? "", id),
    );
    this.#refusals = new Refusals((refused) => this.#logger.warn("calls refused", { ...refused }));
  }

  get #logger(): Logger {
    return objectLogger(this.env, this.ctx, "access-gate", { gate: this.ctx.id.name });
  }

  async takeCalls(asked: CallsAsked): Promise<CallsGranted> {
    const now = Date.now();
    const granted = this.#calls.take(asked, now);
    this.#refusals.counted(asked.key, asked.wanted - granted.granted, now);
    return granted;
  }

  async leaseSince(since: number, tiersSince?: number): Promise<AccessLease> {
    const now = Date.now();
    this.#forgetOver("revoked_sessions", now);
    const rows = this.#sql
      .exec<{ seq: number; id: string; until: number }>(
        "SELECT rowid AS seq, id, until FROM revoked_sessions WHERE rowid > ? ORDER BY rowid LIMIT ?",
        since,
        maxRows,
      )
      .toArray();
    // An isolate of the release before asks for no tiers.
    const tierRows = tiersSince === undefined ? [] : this.#tierRows(tiersSince, now);
    return {
      revokedSessions: rows.filter(({ until }) => until >= now).map(({ id, until }) => ({ id, until })),
      seq: rows.at(-1)?.seq ?? Math.min(since, this.#latest("revoked_sessions")),
      tierChanges: tierRows.filter(({ until }) => until >= now).map(({ seq: _, ...change }) => change),
      tierSeq: tierRows.at(-1)?.seq ?? Math.min(tiersSince ?? 0, this.#latest("changed_tiers")),
      isMore: rows.length === maxRows || tierRows.length === maxRows,
      tenantActive: this.#isTenantActive(),
    };
  }

  /** The last row stays, so that no number is given twice. */
  #forgetOver(table: NumberedTable, now: number): void {
    this.#sql.exec(`DELETE FROM ${table} WHERE until < ? AND rowid < (SELECT max(rowid) FROM ${table})`, now);
  }

  #tierRows(since: number, now: number): TierRow[] {
    this.#forgetOver("changed_tiers", now);
    const query = `SELECT rowid AS seq, user_id AS userId, tier, changed_at AS changedAt, until FROM changed_tiers
      WHERE rowid > ? ORDER BY rowid LIMIT ?`;
    return this.#sql.exec<TierRow>(query, since, maxRows).toArray();
  }

  async lease(): Promise<{ revokedSessions: string[]; tenantActive: boolean }> {
    const rows = this.#sql.exec<{ id: string }>(
      "SELECT id FROM revoked_sessions WHERE until >= ?",
      Date.now(),
    );
    return { revokedSessions: rows.toArray().map(({ id }) => id), tenantActive: this.#isTenantActive() };
  }

  #isTenantActive(): boolean {
    return this.#sql.exec("SELECT 1 FROM tenant WHERE active = 0").toArray().length === 0;
  }

  #latest(table: NumberedTable): number {
    const query = `SELECT coalesce(max(rowid), 0) AS seq FROM ${table}`;
    return this.#sql.exec<{ seq: number }>(query).one().seq;
  }

  async isShutOut(sessionId: string): Promise<boolean> {
    const ended =
      "SELECT 1 FROM revoked_sessions WHERE id = ? UNION ALL SELECT 1 FROM tenant WHERE active = 0";
    return this.#sql.exec(ended, sessionId).toArray().length > 0;
  }

  async admitListener(listener: ConversationListener): Promise<{ isShutOut: boolean }> {
    this.#listeners.note(listener, Date.now());
    return { isShutOut: await this.isShutOut(listener.sessionId) };
  }

  async endRights(userId: string): Promise<void> {
    await this.#listeners.end({ whose: { userId }, why: "rightsLost" });
  }

  async revokeSessions(sessionIds: readonly string[], until: number): Promise<void> {
    for (const id of sessionIds) {
      this.#sql.exec("INSERT OR REPLACE INTO revoked_sessions (id, until) VALUES (?, ?)", id, until);
    }
    await this.#listeners.end({ whose: { sessionIds: [...sessionIds] }, why: "sessionEnded" });
  }

  async changeTiers(changes: readonly TierChange[]): Promise<void> {
    for (const { userId, tier, changedAt, until } of changes) {
      this.#sql.exec(
        `INSERT OR REPLACE INTO changed_tiers (user_id, tier, changed_at, until) SELECT ?1, ?2, ?3, ?4
        WHERE NOT EXISTS (SELECT 1 FROM changed_tiers WHERE user_id = ?1 AND changed_at > ?3)`,
        userId,
        tier,
        changedAt,
        until,
      );
    }
  }

  async setTenantActive(active: boolean): Promise<void> {
    if (active !== this.#isTenantActive())
      this.#logger.warn(active ? "tenant switched on" : "tenant switched off");
    this.#sql.exec("INSERT OR REPLACE INTO tenant (only, active) VALUES (1, ?)", active ? 1 : 0);
    if (!active) await this.#listeners.end({ whose: "everybody", why: "sessionEnded" });
  }
}
