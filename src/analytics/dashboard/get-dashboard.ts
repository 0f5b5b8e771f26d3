import { z } from "@hono/zod-openapi";
import { assertReady } from "#src/db/readiness.ts";
import { dayOf } from "#src/kernel/clock.ts";
import { attempt } from "#src/observability/attempt.ts";
import { operation } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";
import { queuesNow } from "#src/system/index.ts";
import { callsToday } from "./calls-today.ts";
import { dashboardRows } from "./dashboard-repository.ts";
import { dashboardView } from "./dashboard-view.ts";
import { monthOf } from "./revenue.ts";
import { dashboardSchema } from "./schemas.ts";

export const getDashboard = operation({
  name: "getDashboard",
  summary: "How the platform is and what it does",
  description: "Every figure is measured, and costs the same however many rows there are.",
  input: z.object({}),
  output: dashboardSchema,
  run: async (platform) => {
    const now = platform.clock.now();
    const [rows, health] = await Promise.all([
      dashboardRows(platform.db, dayOf(now), monthOf(now)),
      healthOf(platform),
    ]);
    return dashboardView(rows, monthOf(now), health);
  },
});

/** Whether database and queues are as they should be, how many messages wait, and how calls have gone today. */
async function healthOf({ db, queues, objects, log }: Platform) {
  const [isReady, measured, counted] = await Promise.all([
    attempt(log, "database", async () => {
      await assertReady(db);
      return true;
    }),
    attempt(log, "queues", () => queuesNow(queues)),
    attempt(log, "metrics", () => objects.metrics().readToday()),
  ]);
  return {
    isDatabaseReady: isReady === true,
    queueDepth: measured?.reduce((sum, { backlog }) => sum + backlog, 0) ?? null,
    calls: counted ? callsToday(counted) : null,
  };
}
