import { env } from "cloudflare:workers";
import { getTableColumns, getTableName } from "drizzle-orm";
import fc from "fast-check";
import { expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { openTasks, runs, taskCounts, usage, workflowUses } from "#src/db/schema/index.ts";
import { runStatuses } from "#src/engine/run-view.ts";
import type { PlatformMessage, RunCopy, UsageRecord } from "#src/objects/platform-message.ts";
import { writeMessages } from "#src/read-models/write-messages.ts";
import { writeOneByOne } from "../../support/one-by-one.ts";
import { present } from "../../support/personas.ts";
import { recordedDatabase } from "../../support/query-plans.ts";

const db = database(env.DB);
const tables = [runs, usage, taskCounts, workflowUses, openTasks] as const;
const utf8 = new TextEncoder();
const dayMs = 86_400_000;

/** All rows of the read models, with the type that SQLite has given to each value. Leaves nothing. */
async function takeRows(): Promise<unknown[][]> {
  const reads = tables.map((table) => {
    const columns = Object.values(getTableColumns(table)).map(({ name }) => name);
    const types = columns.map((name) => `typeof(${name}) AS "type of ${name}"`);
    return env.DB.prepare(`SELECT *, ${types.join(", ")} FROM ${getTableName(table)} ORDER BY 1, 2, 3`);
  });
  const removals = tables.map((table) => env.DB.prepare(`DELETE FROM ${getTableName(table)}`));
  const results = await env.DB.batch([...reads, ...removals]);
  return results.slice(0, tables.length).map(({ results }) => results);
}

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom("", "null", "12", "it's", '"', "\\ud800", "a\u0000b", "half \ud83d", "\udc00 half", "😀"),
);
const textOrNull = fc.option(text);
const count = fc.oneof(fc.nat(1000), fc.constantFrom(-1, 2 ** 31, Number.MAX_SAFE_INTEGER));
const time = fc.constantFrom(0, 1, dayMs - 1, dayMs, 20_000 * dayMs - 1, 20_000 * dayMs, -1);
const few = (name: string) => fc.nat(3).map((number) => `${name} ${number}`);

const anyCopy = fc.record({
  type: fc.constant<"run.copy">("run.copy"),
  id: text,
  correlation_id: few("run"),
  revision: fc.integer({ min: 1, max: 5 }),
  // Of one run always the same, so here of all.
  client_id: fc.constant("tenant"),
  user_id: fc.constant("user '\u0000\ud83d"),
  instance_id: fc.constant("instance"),
  project_id: fc.constant(null),
  template_id: fc.constant("template"),
  fuel_budget: fc.constant(100),
  created_at: fc.constant(dayMs),
  status: fc.constantFrom(...runStatuses),
  current_step: textOrNull,
  fuel_spent: count,
  tokens_in: count,
  tokens_out: count,
  cost_micros: count,
  error: fc.option(fc.record({ code: text, message: text, details: fc.jsonValue() })),
  updated_at: time,
  completed_at: fc.option(time),
  attempts: fc.constant({ copywriter: { finished: 3, failed: 1 }, researcher: { finished: 1, failed: 0 } }),
});

/** A run ends once, with its last revision. */
const runCopy: fc.Arbitrary<RunCopy> = anyCopy.map(({ attempts, ...copy }) =>
  copy.revision === 5
    ? { ...copy, completed_at: copy.completed_at ?? dayMs, attempts }
    : { ...copy, completed_at: null },
);

const usageRecord: fc.Arbitrary<UsageRecord> = fc.record({
  type: fc.constant("usage"),
  id: few("task"),
  client_id: text,
  user_id: text,
  instance_id: textOrNull,
  correlation_id: text,
  step_name: text,
  agent_type: fc.constantFrom("copywriter", "image-generator", "half \ud83d"),
  action: text,
  model: textOrNull,
  fuel: count,
  tokens_in: count,
  tokens_out: count,
  cost_micros: count,
  duration_ms: count,
  success: fc.boolean(),
  error_code: textOrNull,
  created_at: time,
});

const workflowUse: fc.Arbitrary<PlatformMessage> = fc.record({
  type: fc.constant("workflow.use"),
  client_id: text,
  workflow_id: few("workflow"),
  version: fc.integer({ min: 1, max: 3 }),
  correlation_id: few("run"),
  created_at: time,
});

const openReport: fc.Arbitrary<PlatformMessage> = fc.record({
  type: fc.constant("tasks.open"),
  client_id: few("tenant"),
  shard: fc.nat(2),
  at: time,
  until: time,
  topics: fc.dictionary(text, fc.integer({ min: 1 }), { maxKeys: 3, noNullPrototype: true }),
});

const batch = fc.array(fc.oneof(runCopy, usageRecord, workflowUse, openReport), { maxLength: 20 });

it("What is written by set is, column by column, what comes of the messages one by one", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { maxLength: 4 }), async (batches) => {
      await takeRows();
      for (const messages of batches) await writeOneByOne(db, messages);
      const expected = await takeRows();
      for (const messages of batches) await writeMessages(db, messages);
      expect(await takeRows()).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

/** What writing these messages asks of the database. */
async function queriesFor(messages: PlatformMessage[]) {
  const { database: binding, queries } = recordedDatabase();
  await writeMessages(database(binding), messages);
  return queries;
}

const ended = { completed_at: dayMs, attempts: { copywriter: { finished: 1, failed: 0 } }, used: {} };

const sample = (many: number): PlatformMessage[] =>
  [runCopy.map((copy) => ({ ...copy, ...ended })), usageRecord, workflowUse, openReport].flatMap((kind) =>
    fc.sample<PlatformMessage>(kind, many),
  );

it("However many messages there are, the statements are the same nine", async () => {
  const few = (await queriesFor(sample(1))).map(({ sql }) => sql);
  const many = (await queriesFor(sample(50))).map(({ sql }) => sql);
  expect(few).toHaveLength(9);
  expect(many).toEqual(few);
});

it("A batch of messages as large as a queue takes them is written, no parameter larger than D1 takes it", async () => {
  await takeRows();
  const [copy, record] = [fc.sample(runCopy, 1)[0], fc.sample(usageRecord, 1)[0]];
  const large = "\u2026".repeat(40_000);
  const messages = Array.from({ length: 50 }, (_, index): PlatformMessage[] => [
    {
      ...present(copy),
      attempts: undefined,
      correlation_id: `large ${index}`,
      error: { code: "LARGE", message: large },
    },
    { ...present(record), id: `large ${index}`, step_name: large },
  ]).flat();
  const queries = await queriesFor(messages);
  await writeMessages(db, messages);
  const sizes = queries
    .flatMap(({ parameters }) => parameters)
    .map((parameter) => utf8.encode(String(parameter)).length);
  expect(Math.max(...sizes)).toBeGreaterThan(1_000_000);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(2_000_000);
  const [copies, records, counts] = await takeRows();
  expect(copies?.length).toBe(50);
  expect(records?.length).toBe(50);
  expect(counts).toMatchObject([{ finished: 50 }]);
});

/** Rows that D1 bills for writing these messages: those of tables, and the entries of their indexes. */
async function rowsWrittenFor(messages: PlatformMessage[]): Promise<number> {
  let rows = 0;
  const binding = new Proxy(env.DB, {
    get(target, name) {
      if (name === "batch")
        return async (statements: D1PreparedStatement[]) => {
          const results = await target.batch(statements);
          rows += results.reduce((sum, { meta }) => sum + meta.rows_written, 0);
          return results;
        };
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  await writeMessages(database(binding), messages);
  return rows;
}

it("A run of three text steps costs at most ten rows written, from its beginning to its end", async () => {
  await takeRows();
  const run = { ...present(fc.sample(runCopy, 1)[0]), is_in_history: true, attempts: undefined };
  const begun = await rowsWrittenFor([{ ...run, revision: 1, status: "running", completed_at: null }]);
  const end = { completed_at: dayMs, attempts: { copywriter: { finished: 3, failed: 0 } }, used: {} };
  const ended = await rowsWrittenFor([{ ...run, ...end, revision: 7, status: "completed" }]);
  expect(begun).toBeGreaterThan(1);
  expect(begun + ended).toBeLessThanOrEqual(10);
  expect(await rowsWrittenFor([{ ...run, ...end, revision: 7, status: "completed" }])).toBe(0);
});
