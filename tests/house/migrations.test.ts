import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { contractions, migrationFolders } from "#scripts/migration-files.ts";

/** The first version's files: every database out there has had them. */
const firstVersion = {
  "0000_schema.sql": "e1d664436fcc16a58612db9f25089be945544f158c6841b8bfa7d8fe7b515127",
  "0001_reference_data.sql": "0d53af01886bd3514a3f1f900de954d772c8c1eaed461438ac7d3d98f4897b3a",
  "0002_user_search.sql": "4774d872bcdcbb3f680b979b35ba4b03187b6da6e5a39caa20af7fb3e3b8d06f",
};

const read = (folder: string, path: string): unknown => JSON.parse(readFileSync(join(folder, path), "utf8"));

const folders = Object.entries(migrationFolders);

const databaseOf = (...texts: string[]): DatabaseSync => {
  const database = new DatabaseSync(":memory:");
  for (const text of texts) database.exec(text);
  return database;
};

const spaced = (text: unknown): string => String(text).replaceAll(/[`"]/g, "").replaceAll(/\s+/g, " ").trim();

/** Tables with their columns (in any order), keys and indexes, but not what is SQLite's own, FTS5's or a trigger. */
function schemaOf(database: DatabaseSync): Record<string, unknown> {
  const tables = database
    .prepare(
      "SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .all();
  const rows = (sql: string, name: unknown) => database.prepare(sql).all(String(name));
  const columns = 'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_xinfo(?) ORDER BY name';
  const keys =
    'SELECT "table", "from", "to", on_update, on_delete FROM pragma_foreign_key_list(?) ORDER BY "from"';
  const indexes =
    "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ? ORDER BY name";
  return Object.fromEntries(
    tables.map(({ name }) => [
      name,
      {
        columns: rows(columns, name),
        keys: rows(keys, name),
        indexes: rows(indexes, name).map((index) => `${index.name}: ${spaced(index.sql)}`),
      },
    ]),
  );
}

it("The first version's files are what they were", () => {
  expect(migrationFolders.DB.recorded()).toMatchObject(firstVersion);
});

describe.each(folders)("Migrations of %s are only ever added:", (_, folder) => {
  it("every file is recorded and is what was recorded (else: npm run migrations)", () => {
    expect(folder.unrecorded()).toEqual([]);
    expect(folder.changed()).toEqual([]);
  });

  it("they are numbered without a gap or a number given twice, and drizzle-kit knows each", () => {
    const journal = z.object({ entries: z.array(z.object({ idx: z.number(), tag: z.string() })) });
    const { entries } = journal.parse(read(folder.path, "meta/_journal.json"));
    expect(entries.map(({ tag }) => `${tag}.sql`)).toEqual(folder.files());
    expect(entries.map(({ idx }) => idx)).toEqual(entries.map((_, place) => place));
    const numbers = folder.files().map((file) => Number(file.slice(0, 4)));
    expect(numbers).toEqual(numbers.map((_, place) => place));
    const snapshots = numbers.map((number) =>
      z
        .object({ id: z.string(), prevId: z.string() })
        .parse(read(folder.path, `meta/${String(number).padStart(4, "0")}_snapshot.json`)),
    );
    expect(snapshots.slice(1).map(({ prevId }) => prevId)).toEqual(
      snapshots.slice(0, -1).map(({ id }) => id),
    );
  });

  it("they only expand, so that the build before works on what they make; one that contracts says so in its name", () => {
    const contracting = folder
      .files()
      .filter((file) => !file.includes("_contract_") && contractions(folder.sqlOf(file)).length > 0);
    expect(contracting).toEqual([]);
  });

  it("all together make the schema that the code has (else: npm run migrations -- <name>)", () => {
    const exported = execFileSync(
      "node_modules/.bin/drizzle-kit",
      ["export", "--config", folder.drizzleConfig],
      { encoding: "utf8" },
    );
    const migrated = schemaOf(databaseOf(...folder.files().map((file) => folder.sqlOf(file))));
    expect(Object.keys(migrated).length).toBeGreaterThan(10);
    expect(migrated).toEqual(schemaOf(databaseOf(exported)));
  });
});

it("What contracts is seen", () => {
  expect(
    contractions("DROP TABLE `users`;ALTER TABLE `a` RENAME TO `b`;ALTER TABLE a DROP COLUMN b;"),
  ).toHaveLength(3);
});
