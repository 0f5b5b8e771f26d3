import type { Position } from "#src/http/page.ts";
import type { UsageRecord } from "#src/objects/platform-message.ts";
import {
  olderImages,
  olderLogSources,
  olderRunsOfInstance,
  olderRunsOfUser,
} from "./older-runs-repository.ts";
import type { RunHistory } from "./run-history.ts";
import { type RunRow, runRowOf, usageRecordOf } from "./run-row.ts";
import { askInstance, askTenant, type HistorySources, newestOf } from "./with-older.ts";

const begin = ({ createdAt, correlationId }: RunRow): Position => [createdAt, correlationId];
const end = ({ completedAt, correlationId }: RunRow): Position => [completedAt ?? 0, correlationId];
const attempt = ({ created_at, id }: UsageRecord): Position => [created_at, id];

/** The history of tenants as their workflow objects have it. */
export const historyOfObjects = (sources: HistorySources): RunHistory => ({
  async ofUser(user, filter, page) {
    const { answers, older = [] } = await askTenant(
      sources,
      user.clientId,
      (object) => object.runsOfUser(user.userId, filter, page),
      () => olderRunsOfUser(sources.db, user, filter, page),
    );
    return newestOf([...answers.map(({ runs }) => runs.map(runRowOf)), older], begin, page.limit);
  },

  async ofInstance(instance, page) {
    const { answers, older = [] } = await askInstance(
      sources,
      instance,
      (object) => object.runsOfInstance(instance.id, page),
      () => olderRunsOfInstance(sources.db, instance, page),
    );
    return newestOf([...answers.map(({ runs }) => runs.map(runRowOf)), older], begin, page.limit);
  },

  async lastOfInstances(clientId, ids) {
    if (ids.length === 0) return new Map();
    const answers = await Promise.all(
      (await sources.objects.allWorkflows(clientId)).map((object) => object.lastRunsOfInstances([...ids])),
    );
    const oldestFirst = answers.flat().sort((a, b) => a.created_at - b.created_at);
    return new Map(oldestFirst.map((run): [string, RunRow] => [run.instance_id ?? "", runRowOf(run)]));
  },

  async logOf(instance, pages) {
    const { answers, older = [[], [], []] } = await askInstance(
      sources,
      instance,
      (object) => object.logOfInstance(instance.id, pages),
      () => sources.db.batch(olderLogSources(sources.db, instance, pages)),
    );
    const rows = answers.map(({ begun, attempts, ended }) => ({
      begun: begun.map(runRowOf),
      attempts,
      ended: ended.map(runRowOf),
    }));
    const [olderBegun, olderAttempts, olderEnded] = older;
    const { begun, attempts, ended } = pages;
    return {
      begun: newestOf([...rows.map((row) => row.begun), olderBegun], begin, begun.limit),
      attempts: newestOf(
        [...rows.map((row) => row.attempts), olderAttempts.map(usageRecordOf)],
        attempt,
        attempts.limit,
      ),
      ended: newestOf([...rows.map((row) => row.ended), olderEnded], end, ended.limit),
    };
  },

  async imagesOf(instance, page) {
    const { answers, older = [] } = await askInstance(
      sources,
      instance,
      (object) => object.imagesOfInstance(instance.id, page),
      () => olderImages(sources.db, instance, page),
    );
    return newestOf(
      [...answers.map(({ attempts }) => attempts), older.map(usageRecordOf)],
      attempt,
      page.limit,
    );
  },
});
