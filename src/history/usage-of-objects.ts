import { dayOf } from "#src/kernel/clock.ts";
import type { RunFigures } from "#src/objects/history-api.ts";
import { sumOfDays } from "#src/objects/usage-day.ts";
import { olderContentOfUser, olderFiguresOfInstance, olderFiguresOfTenant } from "./older-runs-repository.ts";
import type { Usage } from "./usage.ts";
import { askInstance, askTenant, type HistorySources } from "./with-older.ts";

const none: RunFigures = {
  total: 0,
  completed: 0,
  failed: 0,
  queued: 0,
  ended: 0,
  ranMs: 0,
  lastAt: null,
  fuel: 0,
};

const together = (a: RunFigures, b: RunFigures): RunFigures => ({
  total: a.total + b.total,
  completed: a.completed + b.completed,
  failed: a.failed + b.failed,
  queued: a.queued + b.queued,
  ended: a.ended + b.ended,
  ranMs: a.ranMs + b.ranMs,
  lastAt: a.lastAt === null || b.lastAt === null ? (a.lastAt ?? b.lastAt) : Math.max(a.lastAt, b.lastAt),
  fuel: a.fuel + b.fuel,
});

/** Usage as the tenants' workflow objects have counted it. */
export const usageOfObjects = (sources: HistorySources): Usage => ({
  async ofInstance(instance) {
    const { answers, older = none } = await askInstance(
      sources,
      instance,
      (object) => object.usageOfInstance(instance.id),
      () => olderFiguresOfInstance(sources.db, instance),
    );
    return answers.map(({ figures }) => figures).reduce(together, older);
  },

  async ofTenant(clientId, since) {
    const { answers, older = { runs: 0, recentRuns: 0, fuel: 0 } } = await askTenant(
      sources,
      clientId,
      (object) => object.usageOfTenant(dayOf(since)),
      () => olderFiguresOfTenant(sources.db, clientId, since),
    );
    return answers.reduce(
      (sum, { runs, recentRuns, fuel }) => ({
        runs: sum.runs + runs,
        recentRuns: sum.recentRuns + recentRuns,
        fuel: sum.fuel + fuel,
      }),
      older,
    );
  },

  async contentOf(user, since) {
    const { answers, older = 0 } = await askTenant(
      sources,
      user.clientId,
      (object) => object.contentOfUser(user.userId, since),
      () => olderContentOfUser(sources.db, user, since),
    );
    return answers.reduce((sum, { completed }) => sum + completed, older);
  },

  async ofDays(clientId, query) {
    const objects = await sources.objects.allWorkflows(clientId);
    return sumOfDays((await Promise.all(objects.map((object) => object.usageOfDays(query)))).flat());
  },
});
