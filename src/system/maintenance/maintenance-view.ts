import { configurationFrom, type StoredKey } from "#src/configuration/index.ts";
import { isoTimeOrNull } from "#src/kernel/clock.ts";
import type { Maintenance } from "./schemas.ts";

/** Whether there is maintenance, on the wire. */
export function maintenanceView(rows: readonly StoredKey[]): Maintenance {
  const row = rows.find(({ key }) => key === "maintenance");
  return {
    ...configurationFrom(rows).configuration.maintenance,
    version: row?.version ?? 0,
    updated_at: isoTimeOrNull(row?.updatedAt ?? null),
    updated_by: row?.updatedBy ?? null,
  };
}
