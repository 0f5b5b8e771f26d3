import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { digestOf } from "./digest.ts";

const root = resolve(import.meta.dirname, "../..");

/** What local state is made from: when none of it has changed, there is nothing to do. */
const fingerprint = (): string =>
  digestOf(
    [
      ...globSync("migrations/**/*.sql", { cwd: root }).sort(),
      "scripts/local/seed-demo.ts",
      "scripts/local/seed-shop.ts",
      "scripts/demo-shop.ts",
      "scripts/local/seed-world.ts",
      "scripts/demo-data.ts",
    ].map((path) => join(root, path)),
  );

/**
 * Makes local state what this version needs, unless it is already; see `carryForward`.
 * @param hasPast whether the demo tenant is to have a past
 */
export async function prepareState(
  stateDirectory: string,
  gatewayConfig: string,
  hasPast = false,
): Promise<void> {
  const marker = join(stateDirectory, "prepared");
  const wanted = fingerprint();
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return;
  // Most of the platform comes with it, which takes longer to load than all else that a start does.
  const { carryForward } = await import("./carry-forward.ts");
  await carryForward(stateDirectory, gatewayConfig, hasPast);
  writeFileSync(marker, wanted);
}
