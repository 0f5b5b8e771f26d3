import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";

const root = resolve(import.meta.dirname, "..");

type Checksums = Record<string, string>;

/** The migrations of one database. */
export class MigrationFolder {
  readonly path: string;
  /** The migrations that are built in, each with its checksum. The Workers know them from this file as well. */
  readonly recordFile: string;
  /** What drizzle-kit is told about the database. */
  readonly drizzleConfig: string;

  /** @param path from the root of the repository */
  constructor(path: string, drizzleConfig: string) {
    this.drizzleConfig = drizzleConfig;
    this.path = resolve(root, path);
    this.recordFile = join(this.path, "checksums.json");
  }

  /** Names of the migrations, in the order in which they are applied. */
  files(): string[] {
    return readdirSync(this.path)
      .filter((name) => name.endsWith(".sql"))
      .sort();
  }

  sqlOf(file: string): string {
    return readFileSync(join(this.path, file), "utf8");
  }

  recorded(): Checksums {
    return z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(this.recordFile, "utf8")));
  }

  /** Files that are not recorded yet. */
  unrecorded(): string[] {
    const recorded = this.recorded();
    return this.files().filter((file) => !(file in recorded));
  }

  /** Recorded files that are gone, or no longer what was recorded. */
  changed(): string[] {
    const present = new Set(this.files());
    return Object.entries(this.recorded())
      .filter(([file, checksum]) => !present.has(file) || this.#checksumOf(file) !== checksum)
      .map(([file]) => file);
  }

  /** The record's text with the files that it lacks; what it holds stays as it is. */
  completedRecord(): string {
    const added = this.unrecorded().map((file) => [file, this.#checksumOf(file)]);
    return `${JSON.stringify({ ...this.recorded(), ...Object.fromEntries(added) }, null, 2)}\n`;
  }

  #checksumOf(file: string): string {
    return createHash("sha256").update(this.sqlOf(file)).digest("hex");
  }
}

/** The migrations of each database, by its binding. */
export const migrationFolders = {
  DB: new MigrationFolder("migrations", "drizzle.config.ts"),
  COMMERCE_DB: new MigrationFolder("migrations/commerce", "drizzle.commerce.config.ts"),
};

/** What an older build could not work with: it may only happen a release after nothing uses it any more. */
export const contractions = (sql: string): string[] =>
  sql.match(/\bDROP\s+(?:TABLE|COLUMN)\b[^;]*|\bRENAME\s+(?:TO|COLUMN)\b[^;]*/gi) ?? [];
