import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  changedFiles,
  completedRecord,
  contractions,
  recordFile,
  sqlOf,
  unrecordedFiles,
} from "./migration-files.ts";

const help = `Adds a migration. What is recorded in migrations/checksums.json never changes any more.

  npm run migrations -- <name>            the step from the last migration to today's src/db/schema
  npm run migrations -- <name> --custom   an empty file, for SQL written by hand
  npm run migrations                      records a file that was written by hand

When somebody else's migration came first: take their migrations/ (git checkout main -- migrations),
remove your own file, and run the first command again.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { custom: { type: "boolean", default: false } },
});

function refuse(message: string): never {
  console.error(message);
  process.exit(1);
}

function record(): void {
  const files = unrecordedFiles();
  writeFileSync(recordFile, completedRecord());
  console.log(`Recorded ${files.join(", ")}`);
}

function generate(name: string): void {
  const by = values.custom ? ["--custom"] : [];
  execFileSync("node_modules/.bin/drizzle-kit", ["generate", "--name", name, ...by], { stdio: "inherit" });
  const files = unrecordedFiles();
  if (files.length === 0) return;
  if (values.custom) {
    console.log(`Write migrations/${files.join()}, then: npm run migrations`);
    return;
  }
  if (files.flatMap((file) => contractions(sqlOf(file))).length > 0) {
    console.warn(
      "An older build cannot work with this one. Rather put the new beside the old (docs/deployment.md).",
    );
  }
  record();
}

const [name] = positionals;
const changed = changedFiles();
if (changed.length > 0) refuse(`Recorded, so never to be changed: ${changed.join(", ")}`);
const waiting = unrecordedFiles();
if (name === undefined) {
  if (waiting.length === 0) refuse(help);
  record();
} else {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) refuse("A name is of small letters, digits and _");
  if (waiting.length > 0) refuse(`First record ${waiting.join(", ")}: npm run migrations`);
  generate(name);
}
