import { type TableStep, tableSteps } from "./tables.ts";

/** Steps that the first version has. */
const firstVersion = 7;

/**
 * Brings the object's tables to their latest form. A build may be rolled back: an older one finds tables that are
 * newer and leaves them alone, so a step is never done twice.
 *
 * The first version keeps its count in the mark `migrations` and lowers it to what it knows itself. So that mark stays
 * at what the first version knows, and `table_steps` counts them all and never goes down.
 */
export function migrate(
  storage: Pick<DurableObjectStorage, "sql" | "transactionSync">,
  steps: readonly TableStep[] = tableSteps,
): void {
  const { sql } = storage;
  const counted = stepsCounted(sql);
  if (counted !== undefined && counted >= steps.length) return;
  storage.transactionSync(() => {
    for (const step of steps.slice(counted ?? stepsFound(sql, steps))) sql.exec(step.sql);
    sql.exec(
      `INSERT INTO marks (name, value) VALUES ('migrations', ?), ('table_steps', ?)
       ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)`,
      Math.min(steps.length, firstVersion),
      steps.length,
    );
  });
}

/** How many steps this build or a newer one has counted, if any has. */
function stepsCounted(sql: SqlStorage): number | undefined {
  if (sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'marks'").toArray().length === 0) return undefined;
  return sql.exec<{ value: number }>("SELECT value FROM marks WHERE name = 'table_steps'").toArray()[0]
    ?.value;
}

/** How many of the first steps the tables have been through, by what is there: the older count may have been lowered. */
function stepsFound(sql: SqlStorage, steps: readonly TableStep[]): number {
  const missing = steps.findIndex(
    ({ mark }) =>
      sql.exec("SELECT 1 FROM sqlite_master WHERE name = ? OR instr(sql, ?) > 0", mark, mark).toArray()
        .length === 0,
  );
  return missing === -1 ? steps.length : missing;
}
