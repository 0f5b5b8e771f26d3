import type { BenchPlatform } from "./platform.ts";

/** Puts so many finished runs, each with one task, into the read model of an instance. */
export async function fillHistory(
  { database }: BenchPlatform,
  instance: { id: string; client_id: string; owner_user_id: string },
  count: number,
): Promise<void> {
  const DB = await database();
  const series = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;
  const run = "?1 || '-' || printf('%08d', i)";
  await DB.prepare(
    `INSERT INTO runs (correlation_id, revision, client_id, user_id, instance_id, status, fuel_budget, fuel_spent,
       tokens_in, tokens_out, cost_micros, created_at, updated_at, completed_at)
     ${series} SELECT ${run}, 1, ?2, ?3, ?1, 'completed', 100, 10, 1, 1, 1, i, i, i FROM n`,
  )
    .bind(instance.id, instance.client_id, instance.owner_user_id)
    .run();
  await DB.prepare(
    `INSERT INTO usage (id, client_id, user_id, instance_id, correlation_id, step_name, agent_type, action, fuel,
       tokens_in, tokens_out, cost_micros, duration_ms, success, created_at)
     ${series} SELECT ${run} || '.write.main:1', ?2, ?3, ?1, ${run}, 'write', 'copywriter', 'ai_text_generate',
       10, 1, 1, 1, 1, 1, i FROM n`,
  )
    .bind(instance.id, instance.client_id, instance.owner_user_id)
    .run();
}
