import {
  configurationFrom,
  configurationKeys,
  configurationSchema,
  defaultConfiguration,
  type StoredKey,
} from "#src/configuration/index.ts";
import { isoTimeOrNull } from "#src/kernel/clock.ts";
import type { Settings } from "#src/kernel/config.ts";
import { canonicalJson } from "#src/kernel/request-key.ts";
import type { SystemConfig } from "./schemas.ts";
import { shownSettings } from "./shown-settings.ts";

/** The configuration on the wire. */
export function systemConfigView(rows: readonly StoredKey[], settings: Settings): SystemConfig {
  const { configuration: config, version } = configurationFrom(rows);
  const keys = configurationKeys.map((key) => {
    const row = rows.find((stored) => stored.key === key);
    return {
      key,
      meaning: configurationSchema.shape[key].description ?? "",
      default: defaultConfiguration[key],
      is_default: canonicalJson(config[key]) === canonicalJson(defaultConfiguration[key]),
      version: row?.version ?? null,
      updated_at: isoTimeOrNull(row?.updatedAt ?? null),
      updated_by: row?.updatedBy ?? null,
    };
  });
  return { version, config, keys, settings: shownSettings(settings) };
}
