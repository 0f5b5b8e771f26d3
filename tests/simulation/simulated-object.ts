import type { ReportSending } from "#durable-objects/tenant-workflows/delivery/open-task-report.ts";
import { isMemoryTask } from "#durable-objects/tenant-workflows/memory/memory-tasks.ts";
import { migrate } from "#durable-objects/tenant-workflows/migrate.ts";
import { consumerOfTask } from "#src/tasks/route-task.ts";
import { Mishap } from "./mishap.ts";
import { assemble, type Parts, type Transition } from "./simulated-parts.ts";
import { SendFailure } from "./simulated-queue.ts";
import { Crash, SimulatedStorage } from "./simulated-storage.ts";
import type { World } from "./world.ts";

/** The object is starting again. */
class Unreachable extends Mishap {}

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
        if (written) this.#parts.alarm.guard(now);
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
    copyQueue.send(pending);
    await this.#pause(life, chance.between(0, 20));
    return this.#own(life, "copies sent", ({ outbox }, now) => {
      outbox.sent(pending, now);
      return outbox.isBehind;
    });
  }

  async #tellOpenTasks(life: number): Promise<void> {
    const { copyQueue } = this.#world;
    const send: ReportSending["send"] = async (counted) =>
      copyQueue.send([{ type: "tasks.open", client_id: "tenant", shard: 0, ...counted }]);
    await this.#own(life, "open tasks", async ({ openTasks, alarm }, now) => {
      try {
        await openTasks.tell(now, { ringsAt: () => alarm.next(now), send });
      } catch (error) {
        // As in the real one: left to the alarm.
        if (!(error instanceof SendFailure)) throw error;
      }
    });
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
    await Promise.all([this.#drain(life), this.#tellOpenTasks(life)]);
    await this.#own(life, "rest", ({ alarm, log }, now) => {
      log.settleWhatWasFound();
      alarm.rest(now);
    });
  }
}
