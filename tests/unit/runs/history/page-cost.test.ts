import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import { Attempts } from "#durable-objects/tenant-workflows/history/attempts.ts";
import { RunHistory } from "#durable-objects/tenant-workflows/history/run-history.ts";
import { RunTotals } from "#durable-objects/tenant-workflows/history/run-totals.ts";
import type { PageRequest } from "#src/http/page.ts";

const sizes = { few: 200, many: 100_000 };
const limit = 50;
const object = env.TENANT_WORKFLOWS.getByName("page_cost");

/** So many finished runs of an instance and its user, each with one attempt that made an image. */
const fill = (sql: SqlStorage, name: string, count: number) => {
  const series = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;
  sql.exec(
    `INSERT INTO history (user_id, created_at, correlation_id, revision, instance_id, status, fuel_budget, fuel_spent,
       tokens_in, tokens_out, cost_micros, updated_at, completed_at)
     ${series} SELECT ?1, i, ?1 || printf('%08d', i), 1, ?1, 'completed', 100, 10, 1, 1, 1, i, i FROM n`,
    name,
  );
  sql.exec(
    `INSERT INTO attempts (instance_id, created_at, id, user_id, correlation_id, step_name, agent_type, action, fuel,
       tokens_in, tokens_out, cost_micros, duration_ms, success)
     ${series} SELECT ?1, i, ?1 || printf('%08d', i) || '.s.main:1', ?1, ?1 || printf('%08d', i), 's',
       'image-generator', 'ai_image_generate', 1, 1, 1, 1, 1, 1 FROM n`,
    name,
  );
};

beforeAll(async () => {
  await runInDurableObject(object, (_, { storage }) => {
    for (const [name, count] of Object.entries(sizes)) fill(storage.sql, name, count);
    // Somebody who comes behind both of them in every index.
    fill(storage.sql, "others", 1);
  });
}, 60_000);

/** The object's SQL, counting the rows that are read. */
function counted(sql: SqlStorage): { sql: SqlStorage; read: () => number } {
  let rows = 0;
  const exec: SqlStorage["exec"] = (query, ...values) => {
    const cursor = sql.exec(query, ...values);
    const all = cursor.toArray();
    rows += cursor.rowsRead;
    return Object.assign(Object.create(cursor), { toArray: () => all, one: () => all[0] });
  };
  return { sql: Object.assign(Object.create(sql), { exec }), read: () => rows };
}

type Read = (
  parts: { history: RunHistory; attempts: Attempts; totals: RunTotals },
  of: string,
  page: PageRequest,
) => unknown;

/** Rows that a page costs, at the beginning, the middle and the end of the list. */
const costs = (of: keyof typeof sizes, read: Read) =>
  runInDurableObject(object, (_, { storage }) =>
    [undefined, Math.floor(sizes[of] / 2), limit + 10].map((at) => {
      const counting = counted(storage.sql);
      const totals = new RunTotals(counting.sql);
      const history = new RunHistory(counting.sql, "page_cost", totals);
      const attempts = new Attempts(counting.sql, "page_cost");
      read({ history, attempts, totals }, of, { after: at === undefined ? undefined : [at, "zzz"], limit });
      return counting.read();
    }),
  );

it.each<[string, Read]>([
  ["a user's runs", ({ history }, of, page) => history.ofUser(of, {}, page)],
  ["history", ({ history }, of, page) => history.ofInstance(of, page)],
  ["log lines of tasks", ({ attempts }, of, page) => attempts.ofInstance(of, page)],
  ["log lines of ends", ({ history }, of, page) => history.endedOfInstance(of, page)],
  ["images", ({ attempts }, of, page) => attempts.imagesOf(of, page)],
  ["an instance's figures", ({ totals, history }, of) => [totals.ofInstance(of), history.lastOf(of)]],
  ["a tenant's figures", ({ totals }) => totals.ofTenant(1)],
  [
    "what a user completed since lately",
    ({ history }, of) => history.completedSince(of, of === "few" ? sizes.few - limit : sizes.many - limit),
  ],
])("A page of %s reads as many rows among 100 000 runs as among 200", async (_, read) => {
  const ofFew = await costs("few", read);
  const ofMany = await costs("many", read);
  expect(ofMany).toEqual(ofFew);
  expect(Math.max(...ofMany)).toBeLessThanOrEqual(2 * (limit + 1));
});
