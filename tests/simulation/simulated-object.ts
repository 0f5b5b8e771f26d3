import { Alarm } from "#durable-objects/tenant-workflows/alarm.ts";
import { ChangeSignal } from "#durable-objects/tenant-workflows/change-signal.ts";
import { ReadModelOutbox } from "#durable-objects/tenant-workflows/delivery/read-model-outbox.ts";
import { EventLog } from "#durable-objects/tenant-workflows/event-log.ts";
import { Marks } from "#durable-objects/tenant-workflows/marks.ts";
import { MemoryRecall } from "#durable-objects/tenant-workflows/memory/memory-recall.ts";
import { MemoryStore } from "#durable-objects/tenant-workflows/memory/memory-store.ts";
import { isMemoryTask, MemoryTasks } from "#durable-objects/tenant-workflows/memory/memory-tasks.ts";
import { migrate } from "#durable-objects/tenant-workflows/migrate.ts";
import { ExpressionAllowance } from "#durable-objects/tenant-workflows/runs/expression-allowance.ts";
import { Idempotency } from "#durable-objects/tenant-workflows/runs/idempotency.ts";
import { RunDesk } from "#durable-objects/tenant-workflows/runs/run-desk.ts";
import { RunMover } from "#durable-objects/tenant-workflows/runs/run-mover.ts";
import { RunStore } from "#durable-objects/tenant-workflows/runs/run-store.ts";
import { TaskDesk } from "#durable-objects/tenant-workflows/tasks/task-desk.ts";
import { TaskLeases } from "#durable-objects/tenant-workflows/tasks/task-leases.ts";
import type { RunState } from "#src/engine/run-state.ts";
import { createLogger } from "#src/observability/logger.ts";
import { knownModels } from "#src/providers/model-table.ts";
import { fuelOfTexts } from "#src/providers/text-fuel.ts";
import { consumerOfTask } from "#src/tasks/route-task.ts";
import { Mishap } from "./mishap.ts";
import { Crash, SimulatedStorage } from "./simulated-storage.ts";
import type { World } from "./world.ts";

/** The object is starting again. */
class Unreachable extends Mishap {}

/** Ways in which the shell can be wrong; for tests that show that the rules notice. */
export interface BrokenShell {
  /** A process that dies leaves half of what it was writing. */
  writesHalf?: boolean;
  /** Whoever asks gets the lease. */
  leasesToAll?: boolean;
  /** Passes on reports about tasks that are over. */
  findsClosed?: boolean;
  /** Notes what it has sent before it sends it. */
  marksFirst?: boolean;
  /** Sets no alarm before it delivers. */
  neverGuards?: boolean;
  /** Sends only what has just gone out, and never looks for what has been lost. */
  neverLooksAgain?: boolean;
  /** Believes that an alarm which was once set will ring. */
  neverRearms?: boolean;
  /** Takes a repeated answer for another one. */
  forgetsAnswers?: boolean;
}

class ForgetsAnswers extends Idempotency {
  override find(key: string, now: number) {
    return key.startsWith("answer") ? undefined : super.find(key, now);
  }
}

class LeasesToAll extends TaskLeases {
  override claim(taskId: string, now: number): boolean {
    super.renew(taskId, now);
    return true;
  }
}

class FindsClosed extends TaskLeases {
  readonly #every: SqlStorage;

  constructor(...[sql, places]: ConstructorParameters<typeof TaskLeases>) {
    super(sql, places);
    this.#every = sql;
  }

  override runOfOpen(taskId: string): string | undefined {
    const query = "SELECT run_id FROM tasks WHERE id = ?";
    return this.#every.exec<{ run_id: string }>(query, taskId).toArray()[0]?.run_id;
  }
}

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

  constructor(sql: SqlStorage, leases: TaskLeases, watch: (transition: Transition) => void) {
    super(sql, textFuel);
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
  const runs = new WatchedRunStore(sql, leases, watch);
  const log = new EventLog(sql, marks, changes);
  const outbox = new ReadModelOutbox(sql);
  const logger = createLogger("simulation");
  const memories = new MemoryStore(sql, false);
  const memory = new MemoryTasks(memories, new MemoryRecall(memories, undefined, logger));
  const idempotency = shell.forgetsAnswers ? new ForgetsAnswers(sql) : new Idempotency(sql);
  const alarm = new Alarm(storage, outbox, retentionMs);
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
    alarm,
    logger,
    allowance: new ExpressionAllowance(),
  };
  const mover = new RunMover(shared, engine);
  const desk = new RunDesk({ ...shared, mover, idempotency });
  const tasks = new TaskDesk({ ...shared, mover });
  return { ...shared, idempotency, mover, desk, tasks };
}

/** Finished runs stay: what became of them is looked at in the end. */
export const retentionMs = 3_650 * 86_400_000;

export type Parts = ReturnType<typeof assemble>;
type Line = "tasks" | "events" | "copies";

const batchSize = 100;
const sweepSize = 100;

/** The tenant's workflow object: its real parts, and around them the shell of `rpc/` and `delivery/`, in simulated time. */
export class SimulatedObject {
  readonly storage: SimulatedStorage;
  readonly #world: World;
  /** What the process has in memory; undefined while it is down. */
  #parts: Parts | undefined;
  /** Counts processes: what an earlier one began is never ended. */
  #life = 0;
  #downUntil = 0;
  #lastCall: Promise<unknown> = Promise.resolve();
  #busy = new Set<Line>();
  #again = new Set<Line>();
  #transitions: Transition[] = [];
  #isRinging = false;

  constructor(world: World) {
    this.#world = world;
    this.storage = new SimulatedStorage(world.shell.writesHalf);
    migrate(this.storage);
    this.storage.onAlarm = () => this.alarmMoved();
  }

  /**
   * A call to the object: atomic, and delivered from afterwards when `writes` says so.
   * @throws Mishap when the object died before, in, or after it
   */
  async call<T>(
    what: string,
    work: (parts: Parts, now: number) => T | Promise<T>,
    writes: (value: T) => boolean = () => false,
  ): Promise<T> {
    const turn = this.#lastCall.then(() => this.#handle(what, work, writes));
    this.#lastCall = turn.catch(() => undefined);
    return turn;
  }

  async #handle<T>(
    what: string,
    work: (parts: Parts, now: number) => T | Promise<T>,
    writes: (value: T) => boolean,
  ): Promise<T> {
    const { timeline, faults, chance } = this.#world;
    if (timeline.now < this.#downUntil) throw new Unreachable();
    const crashAfter = faults.strikes("objectCrash") ? chance.between(1, 40) : undefined;
    const now = this.#world.clock();
    this.#transitions = [];
    let written = false;
    try {
      const value = await this.storage.atomically(async () => {
        const isNew = !this.#parts;
        this.#parts ??= this.#assemble();
        if (isNew && (this.#parts.leases.sendUnclaimed(now) > 0 || this.#parts.outbox.next(now) !== null))
          written = true;
        if (isNew && !this.#world.shell.neverRearms) this.#parts.alarm.rearm(now);
        const result = await work(this.#parts, now);
        if (writes(result)) written = true;
        if (written && !this.#world.shell.neverGuards) this.#parts.alarm.guard(now);
        return result;
      }, crashAfter);
      this.#world.trace(`${what} → ${JSON.stringify(value) ?? ""}`);
      this.#world.committed(this.#transitions);
      if (faults.strikes("answerLost")) throw new Crash();
      if (written) this.#world.spawn(this.#drain(this.#life));
      return value;
    } catch (error) {
      if (error instanceof Mishap) this.#die(what);
      throw error;
    }
  }

  #assemble(): Parts {
    const { newId } = this.#world;
    return assemble(this.storage, newId, this.#world, (transition) => this.#transitions.push(transition));
  }

  #die(what: string): void {
    const { timeline, chance, ledger } = this.#world;
    this.#world.trace(`the object dies: ${what}`);
    this.#parts = undefined;
    this.#life++;
    this.#busy = new Set();
    this.#again = new Set();
    this.#downUntil = timeline.now + chance.between(0, 3000);
    ledger.excuseAll();
  }

  /** Waits, unless the process that waits has died meanwhile. */
  async #pause(life: number, milliseconds: number): Promise<void> {
    await this.#world.timeline.sleep(milliseconds);
    if (life !== this.#life) throw new Crash();
    if (this.#world.faults.strikes("answerLost")) {
      this.#die("during a delivery");
      throw new Crash();
    }
  }

  /** A step of something that this process has begun. */
  async #own<T>(life: number, what: string, work: (parts: Parts, now: number) => T): Promise<T> {
    if (life !== this.#life) throw new Crash();
    return this.call(what, work);
  }

  async #drain(life: number): Promise<void> {
    await Promise.all([
      this.#line("tasks", life, () => this.#sendTasks(life)),
      this.#line("events", life, () => this.#publishEvents(life)),
      this.#line("copies", life, () => this.#sendCopies(life)),
    ]);
  }

  async #line(line: Line, life: number, deliver: () => Promise<boolean>): Promise<void> {
    this.#again.add(line);
    if (this.#busy.has(line)) return;
    this.#busy.add(line);
    while (this.#again.delete(line)) {
      try {
        if (await deliver()) this.#again.add(line);
      } catch (error) {
        if (!(error instanceof Mishap)) throw error;
        if (life !== this.#life) throw error;
        // As in the real one: left to the alarm.
      }
    }
    this.#busy.delete(line);
  }

  async #sendTasks(life: number): Promise<boolean> {
    const { chance, taskQueue } = this.#world;
    const due = await this.#own(life, "due tasks", ({ tasks, runs }, now) =>
      tasks.due(now, batchSize).map((entry) => ({ entry, task: runs.load(entry.runId)?.tasks[entry.id] })),
    );
    const isHere = ({ task }: (typeof due)[number]) => task !== undefined && isMemoryTask(task);
    for (const { task } of due.filter(isHere)) {
      await this.#pause(life, chance.between(0, 5));
      if (task)
        await this.#own(life, "memory task", ({ tasks }, now) =>
          tasks.performHere(task.id, task.attempt, now),
        );
    }
    const out = due.filter((entry) => !isHere(entry));
    if (out.length === 0) return due.length > 0;
    await this.#pause(life, chance.between(0, 20));
    const entries = out.map(({ entry }) => entry);
    await this.#own(life, "tasks sent", ({ leases }, now) => leases.sent(entries, now));
    await this.#pause(life, chance.between(0, 20));
    const open = out.flatMap(({ task }) => task ?? []);
    try {
      taskQueue.send(
        open.map(({ id, attempt, topic }) => ({ taskId: id, attempt, consumer: consumerOfTask(topic, {}) })),
      );
    } catch (error) {
      await this.#own(life, "tasks not sent", ({ leases }, now) => leases.unsent(entries, now));
      throw error;
    }
    await this.#pause(life, chance.between(0, 20));
    return due.length === batchSize;
  }

  async #publishEvents(life: number): Promise<boolean> {
    const { chance, hub, shell } = this.#world;
    await this.#pause(life, 15);
    const events = await this.#own(life, "unpublished", ({ log }) => log.unpublished(batchSize));
    const last = events.at(-1);
    if (!last) return false;
    const mark = () => this.#own(life, "published", ({ log }) => log.markPublished(last.seq));
    if (shell.marksFirst) await mark();
    await this.#pause(life, chance.between(0, 20));
    hub.publish(events);
    await this.#pause(life, chance.between(0, 20));
    await mark();
    return events.length === batchSize;
  }

  async #sendCopies(life: number): Promise<boolean> {
    const { chance, copyQueue } = this.#world;
    await this.#pause(life, 200);
    const pending = await this.#own(life, "pending copies", ({ outbox }) => outbox.pending(batchSize));
    if (pending.length === 0) return false;
    await this.#pause(life, chance.between(0, 20));
    copyQueue.send(pending.map(({ message }) => message));
    await this.#pause(life, chance.between(0, 20));
    const last = pending.at(-1)?.seq ?? 0;
    await this.#own(life, "copies sent", ({ outbox }, now) => outbox.sent(last, now));
    return pending.length === batchSize;
  }

  /** The platform rings the alarm when its time has come, and again when that went wrong. Called whenever clock or alarm have changed. */
  alarmMoved(): void {
    const at = this.storage.alarm;
    if (at !== null) this.#world.spawn(this.#ringAt(at));
  }

  /** The platform gives an alarm up that has failed a few times; whoever has set it does not hear of it. */
  giveAlarmUp(): void {
    void this.storage.deleteAlarm();
  }

  /** The sweep by cron has a quiet object look after its alarm. */
  async wake(): Promise<void> {
    if (!this.#world.shell.neverRearms) await this.call("wake", ({ alarm }, now) => alarm.rearm(now));
  }

  async #ringAt(at: number): Promise<void> {
    const { timeline } = this.#world;
    await timeline.sleep(at - this.#world.clock());
    while (this.storage.alarm === at && this.#world.clock() >= at && !this.#isRinging) {
      this.#isRinging = true;
      try {
        await this.#alarm();
      } catch (error) {
        if (!(error instanceof Mishap)) throw error;
        await timeline.sleep(500);
      } finally {
        this.#isRinging = false;
        this.alarmMoved();
      }
    }
  }

  async #alarm(): Promise<void> {
    await this.call("alarm", (parts, now) => {
      const { alarm, runs, leases, desk, outbox, log, idempotency } = parts;
      void this.storage.deleteAlarm();
      alarm.fired(now);
      alarm.guard(now);
      for (const id of runs.dueRuns(now, sweepSize)) {
        const run = runs.load(id);
        if (run) desk.tick(run, now);
      }
      if (!this.#world.shell.neverLooksAgain) leases.lookAgain();
      outbox.repeat(now);
      log.prune(now);
      idempotency.prune(now);
    });
    const life = this.#life;
    await this.#drain(life);
    await this.#own(life, "rest", ({ alarm }, now) => alarm.rest(now));
  }
}
