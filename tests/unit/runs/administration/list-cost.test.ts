import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import {
  listRunsOfAll,
  pageRunsOfWorkflow,
  type RunFilter,
} from "#src/runs/administration/run-query-repository.ts";

const db = database(env.DB);
const limit = 50;
const sizes = { few: 1000, many: 50_000 };

/** So many further runs of the platform, every tenth a tenant's, every fifth failed, all with one workflow. */
const fill = (from: number, to: number) =>
  env.DB.batch([
    env.DB.prepare(
      `INSERT INTO runs (correlation_id, revision, client_id, user_id, status, fuel_budget, fuel_spent, tokens_in,
         tokens_out, cost_micros, created_at, updated_at)
       WITH RECURSIVE n (i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${to})
       SELECT printf('%08d', i), 1, 'client_' || (i % 10), 'u', iif(i % 5 = 0, 'failed', 'completed'), 1, 1, 1, 1, 1, i, i
       FROM n`,
    ),
    env.DB.prepare(
      `INSERT INTO workflow_uses (workflow_id, created_at, correlation_id, version)
       SELECT 'w', created_at, correlation_id, 1 FROM runs WHERE created_at >= ${from} AND created_at < ${to}`,
    ),
  ]);

type Query = { toSQL(): { sql: string; params: unknown[] } };

async function cost(query: Query): Promise<number> {
  const { sql, params } = query.toSQL();
  const { results, meta } = await env.DB.prepare(sql)
    .bind(...params)
    .all();
  expect(results.length).toBe(limit + 1);
  const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...params)
    .all<{ detail: string }>();
  const details = plan.results.map(({ detail }) => detail).join("; ");
  // Neither a look at every row nor a sort of what was found.
  expect(details).not.toMatch(/^SCAN runs$|TEMP B-TREE/);
  return meta.rows_read;
}

const filters: [string, RunFilter][] = [
  ["nothing", {}],
  ["a tenant", { clientId: "client_5" }],
  ["a status", { status: "failed" }],
  ["a tenant and a status", { clientId: "client_5", status: "failed" }],
  ["a time", { start: 100, end: 900 }],
  ["a tenant and a time", { clientId: "client_5", start: 100, end: 900 }],
  ["a status and a time", { status: "failed", start: 100, end: 900 }],
];
const lists: [string, () => Query][] = [
  ...filters.map(([name, filter]): [string, () => Query] => [
    `runs narrowed by ${name}`,
    () => listRunsOfAll(db, filter, { after: undefined, limit, offset: 0 }),
  ]),
  ["runs of a workflow", () => pageRunsOfWorkflow(db, "w", undefined, { after: undefined, limit })],
  ["later runs of a workflow", () => pageRunsOfWorkflow(db, "w", undefined, { after: [500, "x"], limit })],
];

const ofFew = new Map<string, number>();
const ofMany = new Map<string, number>();

beforeAll(async () => {
  await fill(0, sizes.few);
  for (const [name, query] of lists) ofFew.set(name, await cost(query()));
  await fill(sizes.few, sizes.many);
  for (const [name, query] of lists) ofMany.set(name, await cost(query()));
}, 60_000);

it.each(lists.map(([name]) => name))("A list of %s costs as much among 50 000 as among 1 000", (name) => {
  expect(ofMany.get(name)).toBe(ofFew.get(name));
  expect(ofMany.get(name)).toBeLessThanOrEqual(2 * (limit + 1));
});
