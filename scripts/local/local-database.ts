import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getPlatformProxy } from "wrangler";
import { type Database, database } from "#src/db/client.ts";

/** A configuration with the gateway's database and nothing else. */
function databaseOnly(stateDirectory: string, gatewayConfig: string): string {
  const path = join(stateDirectory, "configs", "database.json");
  const { d1_databases } = JSON.parse(readFileSync(gatewayConfig, "utf8"));
  writeFileSync(
    path,
    JSON.stringify({ name: "persona-database", compatibility_date: "2026-11-01", d1_databases }),
  );
  return path;
}

/** Opens the local D1 database for `use`, and closes it again. */
export async function withLocalDatabase(
  stateDirectory: string,
  gatewayConfig: string,
  use: (db: Database) => Promise<void>,
): Promise<void> {
  const proxy = await getPlatformProxy<{ DB: D1Database }>({
    configPath: databaseOnly(stateDirectory, gatewayConfig),
    persist: { path: join(stateDirectory, "v3") },
  });
  try {
    await use(database(proxy.env.DB));
  } finally {
    await proxy.dispose();
  }
}
