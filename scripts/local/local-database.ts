import { readFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { z } from "zod";

const configSchema = z.object({
  d1_databases: z.array(z.object({ binding: z.string(), database_id: z.string() })),
  r2_buckets: z.tuple([z.object({ bucket_name: z.string() })]),
});

/** Where files lie, as far as the demo's past goes. */
export interface Blobs {
  put(
    key: string,
    text: string,
    options: { httpMetadata: { contentType: string }; customMetadata: Record<string, string> },
  ): Promise<unknown>;
}

/** Opens a local D1 database, and what lies in R2 beside it, for `use`, and closes them again. */
export async function withLocalDatabase(
  stateDirectory: string,
  gatewayConfig: string,
  use: (database: D1Database, blobs: Blobs) => Promise<void>,
  binding = "DB",
): Promise<void> {
  const { d1_databases, r2_buckets } = configSchema.parse(JSON.parse(readFileSync(gatewayConfig, "utf8")));
  const bound = d1_databases.find((each) => each.binding === binding);
  if (!bound) throw new Error(`${gatewayConfig} binds no ${binding}`);
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      name: "persona-database",
      compatibilityDate: "2026-11-01",
      modules: true,
      script: "export default {};",
      d1Databases: { [binding]: bound.database_id },
      r2Buckets: { BLOBS: r2_buckets[0].bucket_name },
      resourcePersistencePath: join(stateDirectory, "v3"),
      resourceTmpPath: join(stateDirectory, "tmp"),
      cf: false,
    }),
  );
  try {
    await use(await runtime.getD1Database(binding), await runtime.getR2Bucket("BLOBS"));
  } finally {
    await runtime.dispose();
  }
}
