import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Database } from "#src/db/client.ts";
import { appliedMigrations, assertColumns, migrationGap } from "#src/db/readiness.ts";
import { withLocalDatabase } from "./local-database.ts";
import { seedDemo } from "./seed-demo.ts";

const root = resolve(import.meta.dirname, "../..");

/** What local state is made from: when none of it has changed, there is nothing to do. */
function fingerprint(): string {
  const hash = createHash("sha256");
  const migrations = readdirSync(join(root, "migrations")).filter((name) => name.endsWith(".sql"));
  const sources = [
    ...migrations.sort().map((name) => `migrations/${name}`),
    "scripts/local/seed-demo.ts",
    "scripts/demo-data.ts",
  ];
  for (const path of sources) hash.update(path).update(readFileSync(join(root, path)));
  return hash.digest("hex");
}

/** Throws when the state has had migrations that this build does not know. */
async function refuseNewer(db: Database, stateDirectory: string): Promise<void> {
  const { unknown } = migrationGap(await appliedMigrations(db));
  if (unknown.length === 0) return;
  throw new Error(
    `${stateDirectory} was made by a newer version (it has had ${unknown.join(", ")}). Start that version, choose another STATE_DIR, or remove this one: npm run reset`,
  );
}

/**
 * Carries the state of an older version forward and seeds the demo tenant. Safe to repeat: what exists
 * stays as it is.
 * @throws when a newer version, or one from before the first release, has made the state
 */
export async function prepareState(stateDirectory: string, gatewayConfig: string): Promise<void> {
  const marker = join(stateDirectory, "prepared");
  const wanted = fingerprint();
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return;
  if (existsSync(join(stateDirectory, "v3"))) {
    await withLocalDatabase(stateDirectory, gatewayConfig, (db) => refuseNewer(db, stateDirectory));
  }
  execFileSync(
    join(root, "node_modules/.bin/wrangler"),
    ["d1", "migrations", "apply", "DB", "--local", "--persist-to", stateDirectory, "-c", gatewayConfig],
    { stdio: ["ignore", "ignore", "inherit"], cwd: root },
  );
  await withLocalDatabase(stateDirectory, gatewayConfig, async (db) => {
    await assertColumns(db);
    await seedDemo(db);
  });
  writeFileSync(marker, wanted);
}
