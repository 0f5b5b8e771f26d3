import type { z } from "@hono/zod-openapi";
import { wireRow } from "#src/http/wire-row.ts";
import { isoTimeOrNull } from "#src/kernel/clock.ts";
import { triggerSchema } from "./schemas.ts";
import type { TriggerRow } from "./trigger-repository.ts";

export const triggerView = (row: TriggerRow): z.infer<typeof triggerSchema> =>
  wireRow(triggerSchema, row, {
    when: row.condition,
    enabled: row.isEnabled,
    last_fired_at: isoTimeOrNull(row.lastFiredAt),
  });
