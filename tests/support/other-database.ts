/** Takes everything out of a database, and gives it back. */
export async function emptied(database: D1Database): Promise<D1Database> {
  const { results } = await database
    .prepare(
      `SELECT type, name FROM sqlite_schema WHERE type IN ('table', 'trigger')
       AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\'
       AND name NOT LIKE 'user\\_search\\_%' ESCAPE '\\' ORDER BY type DESC`,
    )
    .all<{ type: string; name: string }>();
  if (results.length === 0) return database;
  await database.batch([
    database.prepare("PRAGMA defer_foreign_keys = on"),
    ...results.map(({ type, name }) => database.prepare(`DROP ${type} "${name}"`)),
  ]);
  return database;
}
