import { Alarm } from "#durable-objects/tenant-workflows/alarm.ts";
import { ChangeSignal } from "#durable-objects/tenant-workflows/change-signal.ts";
import { EndedTurns } from "#durable-objects/tenant-workflows/delivery/ended-turns.ts";
import { OpenTaskReport } from "#durable-objects/tenant-workflows/delivery/open-task-report.ts";
import { ReadModelOutbox } from "#durable-objects/tenant-workflows/delivery/read-model-outbox.ts";
import { EventLog } from "#durable-objects/tenant-workflows/event-log.ts";
import { Attempts } from "#durable-objects/tenant-workflows/history/attempts.ts";
import { ContentQuota } from "#durable-objects/tenant-workflows/history/content-quota.ts";
import { RunHistory } from "#durable-objects/tenant-workflows/history/run-history.ts";
import { RunTotals } from "#durable-objects/tenant-workflows/history/run-totals.ts";
import { Marks } from "#durable-objects/tenant-workflows/marks.ts";
import { MemoryRecall } from "#durable-objects/tenant-workflows/memory/memory-recall.ts";
import { MemoryStore } from "#durable-objects/tenant-workflows/memory/memory-store.ts";
import { MemoryTasks } from "#durable-objects/tenant-workflows/memory/memory-tasks.ts";
import { ConversationRuns } from "#durable-objects/tenant-workflows/runs/conversation-runs.ts";
import { ExpressionAllowance } from "#durable-objects/tenant-workflows/runs/expression-allowance.ts";
import { Idempotency } from "#durable-objects/tenant-workflows/runs/idempotency.ts";
import { RunDesk } from "#durable-objects/tenant-workflows/runs/run-desk.ts";
import { RunMover } from "#durable-objects/tenant-workflows/runs/run-mover.ts";
import { RunStore } from "#durable-objects/tenant-workflows/runs/run-store.ts";
import { TaskDesk } from "#durable-objects/tenant-workflows/tasks/task-desk.ts";
import { TaskLeases } from "#durable-objects/tenant-workflows/tasks/task-leases.ts";
import { TaskRows } from "#durable-objects/tenant-workflows/tasks/task-rows.ts";
import type { RunState } from "#src/engine/run-state.ts";
import { createLogger } from "#src/observability/logger.ts";
import { noMetrics } from "#src/observability/metrics/metrics.ts";
import { knownModels } from "#src/providers/model-table.ts";
import { fuelOfTexts } from "#src/providers/text-fuel.ts";
import { FindsClosed, ForgetsAnswers, LeasesToAll } from "./broken-shell.ts";
import type { SimulatedStorage } from "./simulated-storage.ts";
import type { World } from "./world.ts";

/** One event that a run was moved by: what it was before and after. */
export interface Transition {
  before: RunState;
  after: RunState;
  /** Tasks that no consumer has heard of until now. */
  untaken: ReadonlySet<string>;
}

const textFuel = fuelOfTexts(knownModels);

/** The real store, telling what is written. */
class WatchedRunStore extends RunStore {
  readonly #watch: (transition: Transition) => void;
  readonly #leases: TaskLeases;

  constructor(sql: SqlStorage, leases: TaskLeases, tasks: TaskRows, watch: (transition: Transition) => void) {
    super(sql, textFuel, tasks);
    this.#leases = leases;
    this.#watch = watch;
  }

  override save(before: RunState, after: RunState, now: number): number | null {
    const untaken = this.#leases.untakenOf(before.header.id);
    const wakeAt = super.save(before, after, now);
    this.#watch({ before, after, untaken });
    return wakeAt;
  }
}

/** The parts of the real object, put together as `assemble.ts` does it. */
export function assemble(
  storage: SimulatedStorage,
  newId: () => string,
  { engine, shell = {}, tasksAtOnce = 100 }: Partial<Pick<World, "engine" | "shell" | "tasksAtOnce">>,
  watch: (transition: Transition) => void,
) {
  const { sql } = storage;
  const changes = new ChangeSignal();
  const marks = new Marks(sql);
  const Leases = shell.leasesToAll ? LeasesToAll : shell.findsClosed ? FindsClosed : TaskLeases;
  const leases = new Leases(sql, { atOnce: tasksAtOnce, leaseMs: 5000 });
  const taskRows = new TaskRows(sql, leases);
  const openTasks = new OpenTaskReport(sql, marks, taskRows);
  const runs = new WatchedRunStore(sql, leases, taskRows, watch);
  const log = new EventLog(sql, marks, changes);
  const outbox = new ReadModelOutbox(sql);
  const logger = createLogger("simulation");
  const attempts = new Attempts(sql, "tenant");
  const history = new RunHistory(sql, "tenant", new RunTotals(sql));
  const memories = new MemoryStore(sql, false, noMetrics);
  const memory = new MemoryTasks(
    memories,
    new MemoryRecall(memories, undefined, { logger, metrics: noMetrics }),
  );
  const idempotency = shell.forgetsAnswers ? new ForgetsAnswers(sql) : new Idempotency(sql);
  const endedTurns = new EndedTurns(sql);
  const alarm = new Alarm(
    storage,
    { outbox, log, room: { isCrowded: false }, openTasks, webhooks: { isBehind: false }, endedTurns },
    retentionMs,
  );
  const shared = {
    newId,
    fuelOfTexts: textFuel,
    changes,
    storage,
    runs,
    leases,
    log,
    marks,
    memory,
    outbox,
    openTasks,
    endedTurns,
    history,
    attempts,
    quota: new ContentQuota(sql, marks, history, runs),
    alarm,
    logger,
    observe: () => {},
    allowance: new ExpressionAllowance(),
  };
  const mover = new RunMover(shared, engine);
  const desk = new RunDesk({
    ...shared,
    mover,
    idempotency,
    conversationRuns: new ConversationRuns(sql),
  });
  const tasks = new TaskDesk({ ...shared, mover, jurisdiction: null, audience: { hubsOf: () => [0] } });
  return { ...shared, idempotency, mover, desk, tasks };
}

/** Finished runs stay: what became of them is looked at in the end. */
export const retentionMs = 3_650 * 86_400_000;

export type Parts = ReturnType<typeof assemble>;
