import { isDeepStrictEqual } from "node:util";
import { advance } from "#src/engine/engine.ts";
import { isFinished, type RunState } from "#src/engine/run-state.ts";
import type { StartRun } from "#src/engine/start-run.ts";
import type { PlatformEvent } from "#src/events/platform-event.ts";
import { isKept, type PlatformMessage, receiptOf } from "#src/objects/platform-message.ts";
import type { BrokenShell } from "./broken-shell.ts";
import { Chance } from "./chance.ts";
import { brokenAtEnd, brokenInTree } from "./end-rules.ts";
import { Faults } from "./faults.ts";
import { History } from "./history.ts";
import { Ledger } from "./ledger.ts";
import { Mishap } from "./mishap.ts";
import { randomRequest, withKeysShuffled } from "./random-world.ts";
import { ReadModels } from "./read-models.ts";
import { stored } from "./run-facts.ts";
import { SimulatedConsumer, type Wake } from "./simulated-consumer.ts";
import { SimulatedObject } from "./simulated-object.ts";
import { retentionMs, type Transition } from "./simulated-parts.ts";
import { SimulatedPeople } from "./simulated-people.ts";
import { SendFailure, SimulatedQueue } from "./simulated-queue.ts";
import { Timeline } from "./timeline.ts";
import { brokenRules } from "./transition-rules.ts";
import type { Options, Report } from "./world-options.ts";

/** When faults cease, in milliseconds of true time. */
const calmAt = 120_000;

/** How long something lost may take to be noticed. */
const lateMs = 45_000;

/** How often the cron job has quiet objects look after their alarms. */
const sweepMs = 300_000;

/** Every run must have ended by then. */
const endAt = calmAt + 2 * 3_600_000;

/** More than this many things happening is a spin, not a simulation. */
const maxSteps = 30_000;

/** A rule of the engine or its shell does not hold. */
class Violation extends Error {}

/** A run id of the usual form, and the same each time. */
const runIdOf = (number: number): string =>
  `018bcfe5-6800-7000-8000-${number.toString(16).padStart(10, "0")}00`;

/** A tenant's workflow object and everything around it, made from one seed. */
export class World {
  readonly chance: Chance;
  readonly timeline: Timeline;
  readonly faults: Faults;
  readonly engine: typeof advance;
  readonly shell: BrokenShell;
  /** How many tasks the tenant may have out on a queue. */
  readonly tasksAtOnce: number;
  readonly ledger = new Ledger();
  readonly history = new History((problem) => this.violation(problem));
  readonly readModels = new ReadModels();
  readonly object: SimulatedObject;
  readonly taskQueue: SimulatedQueue<Wake>;
  readonly copyQueue: SimulatedQueue<PlatformMessage>;
  /** Runs as they were last committed. */
  readonly runs = new Map<string, RunState>();
  readonly #people: SimulatedPeople;
  readonly #trace: string[] = [];
  readonly #seed: Chance;
  readonly #keys = new Map<string, string>();
  readonly #shuffled: boolean;
  readonly #request: StartRun | undefined;
  /** Until when things may be late, because the clock jumped or an alarm was lost. */
  #troubledAt = 0;
  /** How far the object's clock is ahead of true time. */
  #skew = 1_700_000_000_000;
  #ids = 0;
  #problem: Error | undefined;

  constructor(
    seed: number,
    { without = new Set(), engine = advance, shell = {}, shuffled = false, request }: Options = {},
  ) {
    this.#request = request;
    this.#shuffled = shuffled;
    this.#seed = new Chance(seed);
    this.engine = engine;
    this.shell = shell;
    this.chance = this.#seed.fork("schedule");
    this.tasksAtOnce = this.#seed.fork("settings").pick([1, 3, 100]);
    this.timeline = new Timeline(this.#seed.fork("ties"));
    this.faults = new Faults(this.#seed.fork("faults"), without);
    const shared = {
      timeline: this.timeline,
      chance: this.chance,
      faults: this.faults,
      spawn: (work: Promise<void>) => this.spawn(work),
    };
    const consumer = new SimulatedConsumer(this);
    this.taskQueue = new SimulatedQueue<Wake>({
      ...shared,
      consume: (wake) => consumer.consume(wake),
      bury: (wake) => this.#bury(wake),
    });
    this.copyQueue = new SimulatedQueue<PlatformMessage>({
      ...shared,
      consume: (message) => this.#project(message),
      // An administrator has it delivered once more.
      bury: (message) => this.#project(message),
    });
    this.object = new SimulatedObject(this);
    this.#people = new SimulatedPeople(this);
  }

  /** The object's clock, in epoch milliseconds. */
  clock(): number {
    return this.#skew + this.timeline.now;
  }

  newId = (): string => runIdOf(++this.#ids);

  readonly hub = {
    publish: (events: readonly PlatformEvent[]): void => {
      if (this.faults.strikes("sendFailure")) throw new SendFailure();
      this.history.take(events);
    },
  };

  trace(line: string): void {
    this.#trace.push(`${this.timeline.now} ${line}`);
  }

  violation(problem: string): void {
    this.#problem ??= new Violation(problem);
  }

  /** Begins something that nobody waits for; a simulated fault may end it. */
  spawn(work: Promise<void>): void {
    work.catch((error) => {
      if (!(error instanceof Mishap)) this.#problem ??= error;
    });
  }

  /** A caller has been told the id of the run it asked for. */
  started(key: string, id: string): void {
    const known = this.#keys.get(key) ?? id;
    if (known !== id) this.violation(`one key has started ${known} and ${id}`);
    this.#keys.set(key, known);
  }

  /** Looks at what a call has written. */
  committed(transitions: readonly Transition[]): void {
    for (const transition of transitions) {
      const { before, after } = transition;
      const { id } = after.header;
      const known = this.runs.get(id);
      if (known && before !== known && !isDeepStrictEqual(stored(before), stored(known)))
        this.violation(`${id} was not read as it had been written`);
      for (const problem of brokenRules(transition)) this.violation(`${id}: ${problem}`);
      this.runs.set(id, after);
      for (const task of Object.values(after.tasks)) this.#checkOutput(before, task);
      if (after.status === "paused" && before.status !== "paused") this.spawn(this.#people.sees(after));
    }
    for (const root of new Set(
      transitions.map(({ after: { header } }) => header.parent?.rootId ?? header.id),
    ))
      for (const problem of brokenInTree(root, this.runs)) this.violation(problem);
  }

  /** Runs everything to its end. @throws Violation, or whatever our own code has thrown */
  async run(): Promise<Report> {
    const plans = this.#seed.fork("plans");
    const count = this.#request ? 1 : plans.pick([1, 1, 2, 3]);
    for (let index = 0; index < count; index++) {
      const request = this.#request ?? randomRequest(plans.fork(`plan ${index}`));
      const asked = this.#shuffled ? withKeysShuffled(request, plans.fork(`keys ${index}`)) : request;
      this.spawn(this.#people.start(asked, `key${index}`));
    }
    this.spawn(this.#moveClock());
    this.spawn(this.#loseAlarms());
    this.spawn(this.#sweep());
    this.spawn(this.#comeBack());
    while (!this.#problem && this.timeline.next < retentionMs / 2) {
      await this.timeline.step();
      if (this.timeline.steps > maxSteps) this.violation("it spins");
      if (this.timeline.now > endAt && !this.#isOver)
        this.violation(`not over in time: ${this.#unfinished()}`);
    }
    if (!this.#problem) this.#checkEnd(count);
    this.object.storage.close();
    if (this.#problem) throw this.#problem;
    return { trace: this.#trace, runs: [...this.runs.values()], faults: this.faults.counts };
  }

  get traced(): readonly string[] {
    return this.#trace;
  }

  get #isOver(): boolean {
    return [...this.runs.values()].every(isFinished);
  }

  #unfinished(): string {
    return [...this.runs.values()]
      .filter((run) => !isFinished(run))
      .map((run) => JSON.stringify({ ...run, header: run.header.id }))
      .join("\n");
  }

  #checkEnd(count: number): void {
    const roots = [...this.runs.values()].filter(({ header }) => header.parent === null);
    if (roots.length !== count) this.violation(`${count} runs were asked for, ${roots.length} exist`);
    if (!this.#isOver) this.violation(`not over: ${this.#unfinished()}`);
    for (const problem of brokenAtEnd(this)) this.violation(problem);
  }

  /** What a task puts out must come from a consumer that worked on this very attempt. */
  #checkOutput(before: RunState, task: RunState["tasks"][string]): void {
    if (task.status !== "completed" || before.tasks[task.id]?.status === "completed") return;
    const isOwn = task.topic.startsWith("workflow:") || task.action.endsWith("_memory");
    if (!isOwn && !this.ledger.hasProduced(`${task.id}:${task.attempt}`, task.output))
      this.violation(`nobody has produced the output of ${task.id}:${task.attempt}`);
  }

  /** The read model takes a message, and confirms it to the object; without that it comes again. */
  async #project(message: PlatformMessage): Promise<void> {
    this.readModels.take(message);
    if (!isKept(message)) return;
    const receipt = receiptOf(message);
    await this.object.call(`confirm ${receipt.key}`, ({ outbox }) => outbox.confirm([receipt]));
  }

  async #bury({ taskId, attempt }: Wake): Promise<void> {
    await this.object.call(
      `dead letter ${taskId}`,
      ({ tasks }, now) =>
        tasks.failDead({ taskId, attempt, reason: "Delivered too often", retryable: true }, now),
      ({ applied }) => applied,
    );
  }

  /** Whatever was lost is sent again before long, unless the tenant has no more places on its queues. */
  #checkSending(): void {
    const late = this.object.storage.read(
      `SELECT id, send_at, deliveries FROM tasks WHERE send_at < ${this.clock() - lateMs}`,
    );
    if (this.tasksAtOnce === 100 && late.length > 0) this.violation(`not sent: ${JSON.stringify(late)}`);
  }

  async #moveClock(): Promise<void> {
    while (!this.faults.ceased) {
      await this.timeline.sleep(4000);
      if (this.timeline.now > this.#troubledAt + lateMs) this.#checkSending();
      if (!this.faults.strikes("clockJump")) continue;
      this.#troubledAt = Math.max(this.#troubledAt, this.timeline.now);
      const jump = this.chance.happens(0.5) ? -this.chance.between(1, 2000) : this.chance.between(1, 600_000);
      this.#skew += jump;
      this.ledger.excuseAll();
      this.trace(`the clock jumps by ${jump}`);
      this.object.alarmMoved();
    }
  }

  async #loseAlarms(): Promise<void> {
    while (!this.faults.ceased) {
      await this.timeline.sleep(4000);
      if (!this.faults.strikes("alarmGivenUp")) continue;
      this.trace("the alarm is given up");
      this.#troubledAt = this.timeline.now + sweepMs;
      this.object.giveAlarmUp();
    }
  }

  /** The cron job, for as long as runs go on. */
  async #sweep(): Promise<void> {
    while (this.timeline.now < endAt && !(this.faults.ceased && this.#isOver)) {
      await this.timeline.sleep(sweepMs);
      await this.object.wake().catch((error: unknown) => {
        if (!(error instanceof Mishap)) throw error;
      });
    }
  }

  /** Faults cease, and people answer what they are asked. */
  async #comeBack(): Promise<void> {
    await this.timeline.sleep(calmAt);
    this.faults.ceased = true;
    while (!this.#isOver && this.timeline.now < endAt) {
      if (this.timeline.now > this.#troubledAt + lateMs) this.#checkSending();
      await this.#people.answerAll();
      await this.timeline.sleep(10_000);
    }
  }
}
