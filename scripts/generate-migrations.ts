import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { contractions, migrationFolders } from "./migration-files.ts";

const help = `Adds a migration. What is recorded in migrations/checksums.json never changes any more.

  npm run migrations -- <name>            the step from the last migration to today's src/db/schema
  npm run migrations -- <name> --custom   an empty file, for SQL written by hand
  npm run migrations                      records a file that was written by hand

With --commerce: the same of the database of commerce, from src/db/commerce into migrations/commerce.

When somebody else's migration came first: take their migrations/ (git checkout main -- migrations),
remove your own file, and run the first command again.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    custom: { type: "boolean", default: false },
    commerce: { type: "boolean", default: false },
  },
});
const folder = migrationFolders[values.commerce ? "COMMERCE_DB" : "DB"];

function refuse(message: string): never {
  console.error(message);
  process.exit(1);
}

function record(): void {
  const files = folder.unrecorded();
  writeFileSync(folder.recordFile, folder.completedRecord());
  console.log(`Recorded ${files.join(", ")}`);
}

function generate(name: string): void {
  const by = values.custom ? ["--custom"] : [];
  execFileSync(
    "node_modules/.bin/drizzle-kit",
    ["generate", "--config", folder.drizzleConfig, "--name", name, ...by],
    { stdio: "inherit" },
  );
  const files = folder.unrecorded();
  if (files.length === 0) return;
  if (values.custom) {
    console.log(
      `Write ${files.map((file) => `${relative(process.cwd(), folder.path)}/${file}`).join()}, then record it.`,
    );
    return;
  }
  if (files.flatMap((file) => contractions(folder.sqlOf(file))).length > 0) {
    console.warn(
      "An older build cannot work with this one. Rather put the new beside the old (docs/deployment.md).",
    );
  }
  record();
}

const [name] = positionals;
const changed = folder.changed();
if (changed.length > 0) refuse(`Recorded, so never to be changed: ${changed.join(", ")}`);
const waiting = folder.unrecorded();
if (name === undefined) {
  if (waiting.length === 0) refuse(help);
  record();
} else {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) refuse("A name is of small letters, digits and _");
  if (waiting.length > 0) refuse(`First record ${waiting.join(", ")}: npm run migrations`);
  generate(name);
}
