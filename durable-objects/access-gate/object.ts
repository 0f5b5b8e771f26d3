import { DurableObject } from "cloudflare:workers";
import type { AccessGateApi, AccessLease } from "../../src/identity/access-gate-api.ts";
import type { DurableObjectEnv } from "../environment.ts";

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

  async lease(): Promise<AccessLease> {
    const now = Date.now();
    this.#sql.exec("DELETE FROM revoked_sessions WHERE until < ?", now);
    const sessions = this.#sql.exec<{ id: string }>("SELECT id FROM revoked_sessions").toArray();
    const [tenant] = this.#sql.exec<{ active: number }>("SELECT active FROM tenant").toArray();
    return {
      revokedSessions: sessions.map(({ id }) => id),
      tenantActive: tenant?.active !== 0,
    };
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
