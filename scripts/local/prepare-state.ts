import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
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

/**
 * Applies migrations and seeds the demo tenant. Safe to repeat: what exists
 * stays as it is.
 */
export async function prepareState(stateDirectory: string, gatewayConfig: string): Promise<void> {
  const marker = join(stateDirectory, "prepared");
  const wanted = fingerprint();
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return;
  execFileSync(
    join(root, "node_modules/.bin/wrangler"),
    ["d1", "migrations", "apply", "DB", "--local", "--persist-to", stateDirectory, "-c", gatewayConfig],
    { stdio: ["ignore", "ignore", "inherit"], cwd: root },
  );
  await withLocalDatabase(stateDirectory, gatewayConfig, seedDemo);
  writeFileSync(marker, wanted);
}
