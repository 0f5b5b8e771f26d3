import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";

const folder = resolve(import.meta.dirname, "../migrations");

/** The migrations that are built in, each with its checksum. The Workers know them from this file as well. */
export const recordFile = join(folder, "checksums.json");

type Checksums = Record<string, string>;

/** Names of the migrations, in the order in which they are applied. */
export const migrationFiles = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort();

export const sqlOf = (file: string): string => readFileSync(join(folder, file), "utf8");

export const recordedChecksums = (): Checksums =>
  z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(recordFile, "utf8")));

const checksumOf = (file: string): string => createHash("sha256").update(sqlOf(file)).digest("hex");

/** Files that are not recorded yet. */
export const unrecordedFiles = (): string[] => {
  const recorded = recordedChecksums();
  return migrationFiles().filter((file) => !(file in recorded));
};

/** Recorded files that are gone, or no longer what was recorded. */
export function changedFiles(): string[] {
  const present = new Set(migrationFiles());
  return Object.entries(recordedChecksums())
    .filter(([file, checksum]) => !present.has(file) || checksumOf(file) !== checksum)
    .map(([file]) => file);
}

/** The record's text with the files that it lacks; what it holds stays as it is. */
export function completedRecord(): string {
  const added = unrecordedFiles().map((file) => [file, checksumOf(file)]);
  return `${JSON.stringify({ ...recordedChecksums(), ...Object.fromEntries(added) }, null, 2)}\n`;
}

/** What an older build could not work with: it may only happen a release after nothing uses it any more. */
export const contractions = (sql: string): string[] =>
  sql.match(/\bDROP\s+(?:TABLE|COLUMN)\b[^;]*|\bRENAME\s+(?:TO|COLUMN)\b[^;]*/gi) ?? [];
