import { env } from "cloudflare:workers";
import { z } from "zod";
import recorded from "../fixtures/first-version.json" with { type: "json" };

const value = z.union([z.string(), z.number(), z.null()]);
const tables = z.record(z.string(), z.array(z.record(z.string(), value)));

const stateSchema = z.object({
  email: z.string(),
  runs: z.object({ ended: z.string(), paused: z.string(), running: z.string() }),
  instance: z.string(),
  database: tables,
  workflows: tables,
  gate: tables,
  breaker: z.record(z.string(), z.unknown()),
});

type Row = z.infer<typeof tables>[string][number];

/** What the first version stored, recorded from it: a row in every table of D1, and its objects' storage; as if it were of now. */
export const firstVersion = (now: number) => {
  const since = now - recorded.recordedAt;
  const moved = JSON.stringify(recorded).replaceAll(/\b179\d{10}\b/g, (time) => `${Number(time) + since}`);
  return stateSchema.parse(JSON.parse(moved));
};

/** An `INSERT` of a row, and its values. */
export const insertOf = (table: string, row: Row): { sql: string; values: Row[string][] } => ({
  sql: `INSERT OR REPLACE INTO "${table}" (${Object.keys(row)
    .map((name) => `"${name}"`)
    .join()}) VALUES (${Object.keys(row)
    .map(() => "?")
    .join()})`,
  values: Object.values(row),
});

/** The migrations that the first version had. */
export const firstMigrations = () => env.TEST_MIGRATIONS.slice(0, 3);
