// Before the first release the schema is one generated file, made anew from src/db/schema.
// (After a release: `drizzle-kit generate` adds a file and nothing here is edited.)
import { execFileSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";

for (const name of readdirSync("migrations")) {
  if (name.startsWith("0000_")) rmSync(`migrations/${name}`);
}
rmSync("migrations/meta", { recursive: true, force: true });
execFileSync("node_modules/.bin/drizzle-kit", ["generate", "--name", "schema"], { stdio: "inherit" });
