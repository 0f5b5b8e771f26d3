import type { z } from "@hono/zod-openapi";
import { shopChanges } from "#src/engine/tool-loop/shop-tools.ts";
import type { FreedTool, freedToolsSchema } from "./schemas.ts";
import type { FreedToolRow } from "./without-approval-repository.ts";

/** What a persona may change without being asked about, as the API shows it. */
export const freedToolsView = (rows: readonly FreedToolRow[]): z.infer<typeof freedToolsSchema> => ({
  tools: rows.flatMap(({ tool: name, currency, runCount, runAmount, dayCount, dayAmount }) => {
    const tool = shopChanges.find((each) => each === name);
    const per_run = { count: runCount, amount: runAmount };
    return tool ? [{ tool, currency, per_run, per_day: { count: dayCount, amount: dayAmount } }] : [];
  }),
});

/** The same as a row. */
export const freedToolRow = (
  { tool, currency, per_run, per_day }: FreedTool,
  of: { clientId: string; instanceId: string },
  updatedAt: number,
): FreedToolRow => ({
  ...of,
  ...{ tool, currency, updatedAt },
  ...{ runCount: per_run.count, runAmount: per_run.amount },
  ...{ dayCount: per_day.count, dayAmount: per_day.amount },
});
