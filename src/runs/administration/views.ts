import type { z } from "@hono/zod-openapi";
import type { RunRow } from "#src/history/index.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { type Names, runSummary } from "../history/views.ts";
import { administeredRunSchema } from "./schemas.ts";

/** A run of the read model on the wire, with whose it is. */
export const administeredRun = (row: RunRow, names: Names): z.infer<typeof administeredRunSchema> =>
  wireRow(administeredRunSchema, row, runSummary(row, names));
