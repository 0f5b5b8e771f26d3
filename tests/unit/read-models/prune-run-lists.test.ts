import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { pruneRunLists } from "#src/read-models/prune-run-lists.ts";

const dayMs = 86_400_000;
const now = 100 * dayMs;
const db = database(env.DB);

/** A run as D1 lists it; times in days. */
interface Listed {
  begun: number;
  ended: number | null;
  /** Whether its object has it in its history. */
  isThere?: boolean;
}

const list = (id: string, { begun, ended, isThere = true }: Listed) =>
  env.DB.batch([
    env.DB.prepare(
      `INSERT INTO runs (correlation_id, revision, client_id, user_id, status, fuel_budget, fuel_spent, tokens_in,
         tokens_out, cost_micros, created_at, updated_at, completed_at, history_revision)
       VALUES (?, 2, 'pruned', 'user', ?, 1, 1, 1, 1, 1, ?, ?, ?, ?)`,
    ).bind(
      id,
      ended === null ? "paused" : "completed",
      begun * dayMs,
      (ended ?? begun) * dayMs,
      ended === null ? null : ended * dayMs,
      isThere ? 2 : 1,
    ),
    env.DB.prepare(
      `INSERT INTO usage (id, client_id, user_id, correlation_id, step_name, agent_type, action, fuel, tokens_in,
         tokens_out, cost_micros, duration_ms, success, created_at)
       VALUES (?1, 'pruned', 'user', ?1, 'write', 'copywriter', 'ai_text_generate', 1, 1, 1, 1, 1, 1, ?2)`,
    ).bind(id, begun * dayMs),
    env.DB.prepare(
      "INSERT INTO workflow_uses (workflow_id, created_at, correlation_id, version) VALUES ('pruned', ?, ?, 1)",
    ).bind(begun * dayMs, id),
  ]);

/** Runs that each table still has. */
const left = async () => {
  const tables = ["runs", "usage", "workflow_uses"];
  const rows = await Promise.all(
    tables.map((table) =>
      env.DB.prepare(`SELECT correlation_id AS id FROM ${table} ORDER BY 1`).all<{ id: string }>(),
    ),
  );
  return rows.map(({ results }) => results.map(({ id }) => id));
};

const prune = () => pruneRunLists({ db, settings: { RUN_LIST_DAYS: 30 } }, now);

beforeEach(async () => {
  await env.DB.prepare(
    `INSERT OR IGNORE INTO workflow_definitions (id, name, description, version, plan, created_at, updated_at)
     VALUES ('pruned', 'pruned', '', 1, '{}', 0, 0)`,
  ).run();
  await env.DB.batch(
    ["runs", "usage", "workflow_uses"].map((table) => env.DB.prepare(`DELETE FROM ${table}`)),
  );
});

it("The lists over all tenants end with what ended longer ago than they are kept", async () => {
  await list("old", { begun: 60, ended: 69 });
  await list("ended lately", { begun: 60, ended: 71 });
  await list("young", { begun: 90, ended: 90 });
  await prune();
  const kept = ["ended lately", "young"];
  expect(await left()).toEqual([kept, kept, kept]);
});

it("Runs that go on stay in them, and those that their objects have yet to take over", async () => {
  await list("goes on", { begun: 1, ended: null });
  await list("not there", { begun: 1, ended: 2, isThere: false });
  await prune();
  const kept = ["goes on", "not there"];
  expect(await left()).toEqual([kept, kept, kept]);
});

it("However many are old, they go in pieces", async () => {
  const many = 1200;
  const series = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${many})`;
  await env.DB.prepare(
    `INSERT INTO runs (correlation_id, revision, client_id, user_id, status, fuel_budget, fuel_spent, tokens_in,
       tokens_out, cost_micros, created_at, updated_at, completed_at, history_revision)
     ${series} SELECT 'many-' || i, 1, 'pruned', 'user', 'completed', 1, 1, 1, 1, 1, i, i, i, 1 FROM n`,
  ).run();
  await prune();
  expect(await left()).toEqual([[], [], []]);
});
