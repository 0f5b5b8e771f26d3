import { readFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { z } from "zod";

const configSchema = z.object({
  d1_databases: z.array(z.object({ binding: z.string(), database_id: z.string() })),
});

/** Opens a local D1 database for `use`, and closes it again. */
export async function withLocalDatabase(
  stateDirectory: string,
  gatewayConfig: string,
  use: (database: D1Database) => Promise<void>,
  binding = "DB",
): Promise<void> {
  const { d1_databases } = configSchema.parse(JSON.parse(readFileSync(gatewayConfig, "utf8")));
  const bound = d1_databases.find((each) => each.binding === binding);
  if (!bound) throw new Error(`${gatewayConfig} binds no ${binding}`);
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      name: "persona-database",
      compatibilityDate: "2026-11-01",
      modules: true,
      script: "export default {};",
      d1Databases: { [binding]: bound.database_id },
      resourcePersistencePath: join(stateDirectory, "v3"),
      resourceTmpPath: join(stateDirectory, "tmp"),
      cf: false,
    }),
  );
  try {
    await use(await runtime.getD1Database(binding));
  } finally {
    await runtime.dispose();
  }
}
