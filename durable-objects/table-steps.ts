type StepStorage = Pick<DurableObjectStorage, "sql" | "transactionSync">;

/**
 * Brings an object's tables to their latest form: each step is done once, counted in the object itself. A build may be
 * rolled back: an older one finds tables that are newer, and leaves them alone.
 */
export function takeSteps(storage: StepStorage, steps: readonly string[]): void {
  const { sql } = storage;
  const taken = stepsTaken(sql);
  if (taken >= steps.length) return;
  storage.transactionSync(() => {
    sql.exec(
      "CREATE TABLE IF NOT EXISTS table_steps (only INTEGER PRIMARY KEY CHECK (only = 1), taken INTEGER NOT NULL)",
    );
    for (const step of steps.slice(taken)) sql.exec(step);
    sql.exec(
      `INSERT INTO table_steps (only, taken) VALUES (1, ?)
       ON CONFLICT (only) DO UPDATE SET taken = max(taken, excluded.taken)`,
      steps.length,
    );
  });
}

/** Whether an object has any tables of its own: what never began has none, and gets none by being asked. */
export const hasTables = (sql: SqlStorage): boolean =>
  sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'table_steps'").toArray().length > 0;

const stepsTaken = (sql: SqlStorage): number =>
  hasTables(sql)
    ? (sql.exec<{ taken: number }>("SELECT taken FROM table_steps").toArray()[0]?.taken ?? 0)
    : 0;
