import { settingsSchema } from "#src/kernel/config.ts";

/** The README's table of settings: name, default, meaning. */
export function configurationTable(): string {
  const defaults = settingsSchema.parse({});
  const rows = Object.entries(settingsSchema.shape).map(([name, field]) => {
    const value = Object.entries(defaults).find(([key]) => key === name)?.[1];
    const shown = value === undefined || (Array.isArray(value) && value.length === 0) ? "–" : `\`${value}\``;
    return `| \`${name}\` | ${shown} | ${field.description ?? ""} |`;
  });
  return ["| setting | default | meaning |", "|---|---|---|", ...rows].join("\n");
}
