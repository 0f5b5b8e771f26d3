import type { platformSettings } from "#src/db/schema/index.ts";
import { issueLines } from "#src/kernel/issues.ts";
import {
  type Configuration,
  configurationSchema,
  defaultConfiguration,
  isConfigurationKey,
} from "./configuration.ts";

export type StoredKey = typeof platformSettings.$inferSelect;

/** A configuration as it was read. */
export interface ReadConfiguration {
  configuration: Configuration;
  /** Counts changes, from 0. */
  version: number;
  /** What is stored and cannot be read, of another release for example: its default holds. */
  problems: string[];
}

/** Puts the configuration together from the keys that are stored; one that is not, or is not known, has its default. */
export function configurationFrom(
  rows: readonly Pick<StoredKey, "key" | "value" | "version">[],
): ReadConfiguration {
  const values: Record<string, unknown> = { ...defaultConfiguration };
  const problems: string[] = [];
  for (const { key, value } of rows) {
    if (!isConfigurationKey(key)) continue;
    const { success, error, data } = configurationSchema.shape[key].safeParse(value);
    if (success) values[key] = data;
    else problems.push(...issueLines(error).map((line) => `${key}.${line}`));
  }
  const version = Math.max(0, ...rows.map((row) => row.version));
  return { configuration: configurationSchema.parse(values), version, problems };
}
