import { database } from "#src/db/client.ts";
import { appliedMigrations, assertColumns, migrationGap } from "#src/db/readiness.ts";
import { applyMigrations } from "./apply-migrations.ts";
import { withLocalDatabase } from "./local-database.ts";
import { seedDemo } from "./seed-demo.ts";

/**
 * Applies the migrations that a local database lacks, and seeds the demo tenant. Safe to repeat: what exists stays as
 * it is.
 * @throws when a newer version, or one from before the first release, has made the state
 */
export async function carryForward(stateDirectory: string, gatewayConfig: string): Promise<void> {
  await withLocalDatabase(stateDirectory, gatewayConfig, async (binding) => {
    const db = database(binding);
    const { missing, unknown } = migrationGap(await appliedMigrations(db));
    if (unknown.length > 0) {
      throw new Error(
        `${stateDirectory} was made by a newer version (it has had ${unknown.join(", ")}). Start that version, choose another STATE_DIR, or remove this one: npm run reset`,
      );
    }
    await applyMigrations(binding, missing);
    await assertColumns(db);
    await seedDemo(db);
  });
}
