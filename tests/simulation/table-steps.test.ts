import { describe, expect, it } from "vitest";
import { migrate } from "#durable-objects/tenant-workflows/migrate.ts";
import { type TableStep, tableSteps } from "#durable-objects/tenant-workflows/tables.ts";
import { SimulatedStorage } from "./simulated-storage.ts";

const released = tableSteps.slice(0, 7);

/** A build to come. */
const later: readonly TableStep[] = [
  ...tableSteps,
  { sql: "\nALTER TABLE runs ADD COLUMN later_column TEXT;\n", mark: "later_column" },
  { sql: "\nCREATE TABLE later_table (id INTEGER PRIMARY KEY);\n", mark: "later_table" },
];

const marksOf = (storage: SimulatedStorage) =>
  Object.fromEntries(storage.read("SELECT name, value FROM marks").map(({ name, value }) => [name, value]));

const schemaOf = (storage: SimulatedStorage) =>
  storage.read("SELECT name, sql FROM sqlite_master ORDER BY name");

/** What the first version's constructor did, to the letter, with as many steps as a build of then had. */
function migrateAsOnce(
  { sql, transactionSync }: SimulatedStorage,
  steps: readonly TableStep[] = released,
): void {
  const tables = sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'marks'").toArray();
  const found = tables.length
    ? sql.exec<{ value: number }>("SELECT value FROM marks WHERE name = 'migrations'").toArray()
    : [];
  const done = found[0]?.value ?? 0;
  if (done === steps.length) return;
  for (const step of steps.slice(done)) sql.exec(step.sql);
  sql.exec("INSERT OR REPLACE INTO marks (name, value) VALUES ('migrations', ?)", steps.length);
  void transactionSync;
}

describe("A build that is rolled back leaves newer tables alone, and they open again", () => {
  it("new → old → new, both of them builds after the first version", () => {
    const storage = new SimulatedStorage();
    migrate(storage, later);
    const [schema, marks] = [schemaOf(storage), marksOf(storage)];
    migrate(storage);
    expect([schemaOf(storage), marksOf(storage)]).toEqual([schema, marks]);
    migrate(storage, later);
    expect([schemaOf(storage), marksOf(storage)]).toEqual([schema, marks]);
  });

  it("first → new → first → new: the first version has nothing to lower and repeats nothing", () => {
    const storage = new SimulatedStorage();
    migrateAsOnce(storage);
    migrate(storage, later);
    const [schema, marks] = [schemaOf(storage), marksOf(storage)];
    expect(marks).toMatchObject({ migrations: 7, table_steps: later.length });
    migrateAsOnce(storage);
    migrate(storage, later);
    expect([schemaOf(storage), marksOf(storage)]).toEqual([schema, marks]);
  });

  it.each([1, 3, 6])("a mark that a build of %i steps has lowered already bricks nothing", (known) => {
    const storage = new SimulatedStorage();
    migrateAsOnce(storage);
    migrateAsOnce(storage, released.slice(0, known));
    expect(marksOf(storage).migrations).toBe(known);
    migrate(storage);
    expect(marksOf(storage)).toMatchObject({ migrations: 7, table_steps: tableSteps.length });
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])(
    "tables that have been through %i steps are carried on from there",
    (done) => {
      const storage = new SimulatedStorage();
      if (done > 0) migrateAsOnce(storage, released.slice(0, done));
      migrate(storage);
      const whole = new SimulatedStorage();
      migrate(whole);
      expect(schemaOf(storage)).toEqual(schemaOf(whole));
      expect(marksOf(storage)).toEqual(marksOf(whole));
    },
  );
});
