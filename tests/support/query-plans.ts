import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import gateway from "#workers/gateway/index.ts";

interface Query {
  sql: string;
  parameters: unknown[];
}

/** A database, and what is asked of it. */
export function recordedDatabase(bound = env.DB) {
  const queries: Query[] = [];
  const statementOf = (sql: string) => {
    const query: Query = { sql, parameters: [] };
    queries.push(query);
    const statement = bound.prepare(sql);
    return new Proxy(statement, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (name === "bind") {
          return (...parameters: unknown[]) => {
            query.parameters = parameters;
            return target.bind(...parameters);
          };
        }
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  };
  const database = new Proxy(bound, {
    get(target, name) {
      if (name === "prepare") return statementOf;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { database, queries };
}

/** One `SELECT` that a request led to, and the lines of SQLite's plan for it. */
export interface PlannedQuery {
  sql: string;
  plan: string[];
}

/** What a GET itself reads from D1, and how SQLite goes about it. Throws unless it succeeds. */
export async function plansOf(path: string, headers: Record<string, string>): Promise<PlannedQuery[]> {
  const platform = recordedDatabase();
  const commerce = recordedDatabase(env.COMMERCE_DB);
  const request = new Request(`http://platform.test${path}`, { headers });
  const ctx = createExecutionContext();
  const answer = await gateway.fetch(
    request,
    { ...env, DB: platform.database, COMMERCE_DB: commerce.database },
    ctx,
  );
  const text = await answer.text();
  await waitOnExecutionContext(ctx);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  const planned = await Promise.all([
    plannedOf(env.DB, platform.queries),
    plannedOf(env.COMMERCE_DB, commerce.queries),
  ]);
  return planned.flat();
}

/** How SQLite goes about each of some queries that reads. */
function plannedOf(database: D1Database, queries: readonly Query[]): Promise<PlannedQuery[]> {
  // What is configured is read by an isolate, not by a request: a handful of rows.
  const reads = queries.filter(
    ({ sql }) => /^\s*(?:select|with)\b/i.test(sql) && !sql.includes("platform_settings"),
  );
  return Promise.all(
    reads.map(async ({ sql, parameters }) => {
      const { results } = await database
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .bind(...parameters)
        .all<{ detail: string }>();
      return { sql, plan: results.map(({ detail }) => detail) };
    }),
  );
}
