import { finalStatuses } from "#src/engine/run-state.ts";
import {
  type ContentUsage,
  type HistoryApi,
  type HistoryPage,
  historyPageSchema,
  type InstanceUsage,
  instanceIdsSchema,
  type ListedAttempts,
  type ListedRun,
  type ListedRuns,
  logPagesSchema,
  type RunFilter,
  runFilterSchema,
  type TenantUsage,
  type UsageOfDaysQuery,
  usageOfDaysQuerySchema,
} from "#src/objects/history-api.ts";
import {
  type RunCopy,
  runCopySchema,
  type UsageRecord,
  usageRecordSchema,
} from "#src/objects/platform-message.ts";
import { copyOf } from "#src/objects/run-projection.ts";
import type { UsageOfDay } from "#src/objects/usage-day.ts";
import type { Assembly } from "../assemble.ts";
import { marks } from "../marks.ts";

/** What has happened in the tenant: lists, log lines, usage. */
export class History implements HistoryApi {
  readonly #parts: Assembly;

  constructor(parts: Assembly) {
    this.#parts = parts;
  }

  async runsOfUser(userId: string, filter: RunFilter, page: HistoryPage): Promise<ListedRuns> {
    const { history } = this.#parts;
    const runs = history.ofUser(userId, runFilterSchema.parse(filter), historyPageSchema.parse(page));
    return { runs: runs.map((run) => this.#asItIs(run)), isWhole: this.#isWhole };
  }

  async runsOfInstance(instanceId: string, page: HistoryPage): Promise<ListedRuns> {
    const runs = this.#parts.history.ofInstance(instanceId, historyPageSchema.parse(page));
    return { runs: runs.map((run) => this.#asItIs(run)), isWhole: this.#isWhole };
  }

  async lastRunsOfInstances(instanceIds: string[]): Promise<RunCopy[]> {
    return instanceIdsSchema.parse(instanceIds).flatMap((id) => {
      const [last] = this.#parts.history.ofInstance(id, { after: undefined, limit: 1 });
      return last ? [this.#asItIs(last)] : [];
    });
  }

  async logOfInstance(...[instanceId, given]: Parameters<HistoryApi["logOfInstance"]>) {
    const { history, attempts } = this.#parts;
    const pages = logPagesSchema.parse(given);
    return {
      begun: history.ofInstance(instanceId, pages.begun),
      attempts: attempts.ofInstance(instanceId, pages.attempts),
      ended: history.endedOfInstance(instanceId, pages.ended),
      isWhole: this.#isWhole,
    };
  }

  async imagesOfInstance(instanceId: string, page: HistoryPage): Promise<ListedAttempts> {
    const attempts = this.#parts.attempts.imagesOf(instanceId, historyPageSchema.parse(page));
    return { attempts, isWhole: this.#isWhole };
  }

  async usageOfInstance(instanceId: string): Promise<InstanceUsage> {
    const { totals, history } = this.#parts;
    const figures = { ...totals.ofInstance(instanceId), lastAt: history.lastOf(instanceId) };
    return { figures, isWhole: this.#isWhole };
  }

  async usageOfTenant(sinceDay: number): Promise<TenantUsage> {
    return { ...this.#parts.totals.ofTenant(sinceDay), isWhole: this.#isWhole };
  }

  async contentOfUser(userId: string, since: number): Promise<ContentUsage> {
    const { history, runs } = this.#parts;
    const completed = history.completedSince(userId, since);
    return { completed, open: runs.countActiveOf(userId), isWhole: this.#isWhole };
  }

  async usageOfDays(query: UsageOfDaysQuery): Promise<UsageOfDay[]> {
    return this.#parts.totals.usageOfDays(usageOfDaysQuerySchema.parse(query));
  }

  async takeOverHistory(runs: readonly RunCopy[], records: readonly UsageRecord[]): Promise<void> {
    const { storage, history, attempts } = this.#parts;
    const copies = runCopySchema.array().parse(runs);
    const checked = usageRecordSchema.array().parse(records);
    storage.transactionSync(() => {
      for (const copy of copies) history.put(copy);
      for (const record of checked) attempts.put(record);
    });
  }

  async completeHistory(): Promise<void> {
    this.#parts.marks.set(marks.wholeHistory, 1);
  }

  get #isWhole(): boolean {
    return this.#parts.marks.get(marks.wholeHistory) === 1;
  }

  /** What is stored of a run that goes on is from when its status last changed. */
  #asItIs(copy: RunCopy): ListedRun {
    const { runs, desk } = this.#parts;
    const run = finalStatuses.includes(copy.status) ? undefined : runs.load(copy.correlation_id);
    if (!run) return copy;
    const [question] = run.status === "paused" ? desk.asked(run) : [];
    if (!question) return copyOf(run);
    const { step, description, expires_at } = question;
    return { ...copyOf(run), waiting: { step, description, expires_at } };
  }
}
