import { configurationKeys, configurationSchema, defaultConfiguration } from "#src/configuration/index.ts";

/** The table of docs/operations.md: what can be configured while the platform runs, its default, its meaning. */
export function operatorConfigurationTable(): string {
  const rows = configurationKeys.map(
    (key) =>
      `| \`${key}\` | \`${JSON.stringify(defaultConfiguration[key])}\` | ${configurationSchema.shape[key].description ?? ""} |`,
  );
  return ["| key | default | meaning |", "|---|---|---|", ...rows].join("\n");
}
