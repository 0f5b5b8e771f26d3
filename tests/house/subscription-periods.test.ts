import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { migrationFolders } from "#scripts/migration-files.ts";

it("Subscriptions of the release before keep what they were: counted by the month, cancelled when they ended", () => {
  const folder = migrationFolders.DB;
  const files = folder.files();
  const at = files.findIndex((file) => file.endsWith("_subscription_periods.sql"));
  const database = new DatabaseSync(":memory:");
  for (const file of files.slice(0, at)) database.exec(folder.sqlOf(file));
  database.exec("PRAGMA foreign_keys = off");
  const insert = database.prepare(
    "INSERT INTO subscriptions (id, user_id, tier, status, start_date, end_date, created_at, updated_at) VALUES (?, ?, ?, ?, 1, ?, 1, 1)",
  );
  const older = [
    ["free", "active", null],
    ["basic", "active", null],
    ["premium", "canceled", 9],
    ["premium", "expired", 7],
  ] as const;
  older.forEach(([tier, status, endDate], index) => {
    insert.run(String(index), String(index), tier, status, endDate);
  });
  for (const file of files.slice(at)) database.exec(folder.sqlOf(file));
  const rows = database
    .prepare(
      "SELECT billing_interval, cancelled_at, end_date, current_period_end, revision FROM subscriptions ORDER BY id",
    )
    .all()
    .map((row) => Object.values(row));
  expect(rows).toEqual([
    [null, null, null, null, 0],
    ["month", null, null, null, 0],
    ["month", 9, 9, null, 0],
    ["month", null, 7, null, 0],
  ]);
});
