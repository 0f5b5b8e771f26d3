import { wireRow } from "#src/http/wire-row.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { BanRow } from "./ban-repository.ts";
import { banSchema } from "./schemas.ts";

export const banView = (row: BanRow) =>
  wireRow(banSchema, row, { until: row.until === null ? null : isoTime(row.until) });
