import { database } from "#src/db/client.ts";
import {
  appliedMigrations,
  assertColumns,
  type Built,
  commerceDatabase,
  migrationGap,
  platformDatabase,
} from "#src/db/readiness.ts";
import { systemClock } from "#src/kernel/clock.ts";
import { migrationFolders } from "../migration-files.ts";
import { applyMigrations } from "./apply-migrations.ts";
import { withLocalDatabase } from "./local-database.ts";
import { demo } from "./options.ts";
import { seedDemo } from "./seed-demo.ts";
import { seedShop } from "./seed-shop.ts";
import { seedWorld } from "./seed-world.ts";

/**
 * Applies the migrations that the local databases lack, and seeds the demo tenant. Safe to repeat: what exists stays as
 * it is.
 * @param hasPast whether the demo tenant is to have a past
 * @throws when a newer version, or one from before the first release, has made the state
 */
export async function carryForward(
  stateDirectory: string,
  gatewayConfig: string,
  hasPast = false,
): Promise<void> {
  const carry = async (binding: D1Database, built: Built, folder: string) => {
    const db = database(binding);
    const { missing, unknown } = migrationGap(await appliedMigrations(db), built.migrations);
    if (unknown.length > 0) {
      throw new Error(
        `${stateDirectory} was made by a newer version (it has had ${unknown.join(", ")}). Start that version, choose another STATE_DIR, or remove this one: npm run reset`,
      );
    }
    await applyMigrations(binding, folder, missing);
    await assertColumns(db, built);
  };
  await withLocalDatabase(stateDirectory, gatewayConfig, async (binding, blobs) => {
    await carry(binding, platformDatabase, migrationFolders.DB.path);
    await seedDemo(database(binding));
    if (hasPast) await seedWorld(database(binding), blobs, systemClock.now());
  });
  await withLocalDatabase(
    stateDirectory,
    gatewayConfig,
    async (binding) => {
      await carry(binding, commerceDatabase, migrationFolders.COMMERCE_DB.path);
      await seedShop(database(binding), demo.clientId, systemClock.now());
    },
    "COMMERCE_DB",
  );
}
