import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { logSources, pageImages, pageRuns } from "#src/runs/history/run-history-repository.ts";

const db = database(env.DB);
const few = { clientId: "cost", id: "few" };
const many = { clientId: "cost", id: "many" };
const sizes = { few: 200, many: 100_000 };
const limit = 50;

/** So many finished runs of an instance, each with one task that made an image. */
async function fill(instance: typeof few, count: number): Promise<void> {
  const series = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;
  await env.DB.prepare(
    `INSERT INTO runs (correlation_id, revision, client_id, user_id, instance_id, status, fuel_budget, fuel_spent,
       tokens_in, tokens_out, cost_micros, created_at, updated_at, completed_at)
     ${series} SELECT ?1 || printf('%08d', i), 1, ?2, 'u', ?1, 'completed', 100, 10, 1, 1, 1, i, i, i FROM n`,
  )
    .bind(instance.id, instance.clientId)
    .run();
  await env.DB.prepare(
    `INSERT INTO usage (id, client_id, user_id, instance_id, correlation_id, step_name, agent_type, action, fuel,
       tokens_in, tokens_out, cost_micros, duration_ms, success, created_at)
     ${series} SELECT ?1 || printf('%08d', i) || '.s.main:1', ?2, 'u', ?1, ?1 || printf('%08d', i), 's', 'image-generator',
       'ai_image_generate', 1, 1, 1, 1, 1, 1, i FROM n`,
  )
    .bind(instance.id, instance.clientId)
    .run();
}

beforeAll(async () => {
  await fill(few, sizes.few);
  await fill(many, sizes.many);
}, 60_000);

type Query = { toSQL(): { sql: string; params: unknown[] } };

/** Rows that a page costs, at the beginning, the middle and the end of the list. */
const costs = (count: number, pick: (page: Parameters<typeof pageRuns>[2]) => Query) =>
  Promise.all(
    [undefined, Math.floor(count / 2), limit + 10].map(async (at) => {
      const { sql, params } = pick({ after: at === undefined ? undefined : [at, "zzz"], limit }).toSQL();
      const { results, meta } = await env.DB.prepare(sql)
        .bind(...params)
        .all();
      expect(results.length).toBeGreaterThanOrEqual(limit - 1);
      return meta.rows_read;
    }),
  );

const lists: [string, (instance: typeof few, page: Parameters<typeof pageRuns>[2]) => Query][] = [
  ["history", (instance, page) => pageRuns(db, instance, page)],
  ["log lines of beginnings", (instance, page) => logSources(db, instance, page)[0]],
  ["log lines of tasks", (instance, page) => logSources(db, instance, page)[1]],
  ["log lines of ends", (instance, page) => logSources(db, instance, page)[2]],
  ["images", (instance, page) => pageImages(db, instance, page)],
];

it.each(lists)("A page of %s reads as many rows among 100 000 runs as among 200", async (_, query) => {
  const ofFew = await costs(sizes.few, (page) => query(few, page));
  const ofMany = await costs(sizes.many, (page) => query(many, page));
  expect(ofMany).toEqual(ofFew);
  expect(Math.max(...ofMany)).toBeLessThanOrEqual(2 * (limit + 1));
});
