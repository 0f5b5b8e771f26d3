import { DurableObject } from "cloudflare:workers";
import type { AccessGateApi, AccessLease } from "../../src/identity/access-gate-api.ts";
import type { DurableObjectEnv } from "../environment.ts";

/** Sessions in one answer: some 250 KB. */
const mostSessions = 5000;

/** Remembers whose tokens must no longer be accepted, for as long as such tokens could live. */
export class AccessGate extends DurableObject<DurableObjectEnv> implements AccessGateApi {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: DurableObjectEnv) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS revoked_sessions (id TEXT PRIMARY KEY, until INTEGER NOT NULL);
      CREATE INDEX IF NOT EXISTS revoked_sessions_until ON revoked_sessions (until);
      CREATE TABLE IF NOT EXISTS tenant (only INTEGER PRIMARY KEY CHECK (only = 1), active INTEGER NOT NULL);
    `);
  }

  async leaseSince(since: number): Promise<AccessLease> {
    const now = Date.now();
    // The last one stays, so that no number is given twice.
    this.#sql.exec(
      "DELETE FROM revoked_sessions WHERE until < ? AND rowid < (SELECT max(rowid) FROM revoked_sessions)",
      now,
    );
    const rows = this.#sql
      .exec<{ seq: number; id: string; until: number }>(
        "SELECT rowid AS seq, id, until FROM revoked_sessions WHERE rowid > ? ORDER BY rowid LIMIT ?",
        since,
        mostSessions,
      )
      .toArray();
    return {
      revokedSessions: rows.filter(({ until }) => until >= now).map(({ id, until }) => ({ id, until })),
      seq: rows.at(-1)?.seq ?? Math.min(since, this.#latest()),
      isMore: rows.length === mostSessions,
      tenantActive: this.#isTenantActive(),
    };
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

  #latest(): number {
    const query = "SELECT coalesce(max(rowid), 0) AS seq FROM revoked_sessions";
    return this.#sql.exec<{ seq: number }>(query).one().seq;
  }

  async isShutOut(sessionId: string): Promise<boolean> {
    const ended =
      "SELECT 1 FROM revoked_sessions WHERE id = ? UNION ALL SELECT 1 FROM tenant WHERE active = 0";
    return this.#sql.exec(ended, sessionId).toArray().length > 0;
  }

  async revokeSessions(sessionIds: readonly string[], until: number): Promise<void> {
    for (const id of sessionIds) {
      this.#sql.exec("INSERT OR REPLACE INTO revoked_sessions (id, until) VALUES (?, ?)", id, until);
    }
  }

  async setTenantActive(active: boolean): Promise<void> {
    this.#sql.exec("INSERT OR REPLACE INTO tenant (only, active) VALUES (1, ?)", active ? 1 : 0);
  }
}
