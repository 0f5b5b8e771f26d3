import type { TaskDesk } from "#durable-objects/tenant-workflows/tasks/task-desk.ts";
import { limits } from "#src/engine/limits.ts";
import type { TaskFailure, TaskResult } from "#src/engine/task-report.ts";
import type { TaskConsumer } from "#src/engine/topics.ts";
import type { CompletionReport, TaskAssignment } from "#src/objects/tasks-api.ts";
import { brokenTranscript } from "./loop-rules.ts";
import { Mishap } from "./mishap.ts";
import { randomCalls } from "./random-calls.ts";
import { askedByConsumers } from "./run-facts.ts";
import type { World } from "./world.ts";

/** A queue message that wakes a consumer. */
export interface Wake {
  taskId: string;
  attempt: number;
  /** The Worker that takes it. */
  consumer: TaskConsumer;
}

/** The consumer's process has died. */
class Death extends Mishap {}

type Fate =
  | { type: "succeeds"; result: TaskResult }
  | { type: "fails"; failure: TaskFailure }
  | { type: "postponed"; delayMs: number }
  | { type: "asks" };

/** How often a tool finds that a person is to allow it first. */
const asksOften = 0.03;

/** What `completeTask` and its like do in the object. */
async function handIn(
  tasks: TaskDesk,
  { taskId, attempt }: { taskId: string; attempt: number },
  fate: Fate,
  now: number,
  wanted: TaskConsumer | undefined,
): Promise<CompletionReport> {
  if (fate.type === "fails") return tasks.fail(taskId, attempt, fate.failure, now);
  if (fate.type === "asks") return tasks.ask(taskId, attempt, askedByConsumers, now);
  if (fate.type === "postponed") return tasks.defer(taskId, attempt, fate.delayMs, false, now);
  return tasks.complete({ taskId, attempt, result: fate.result, consumer: wanted }, now).report;
}

const heartbeatMs = 2000;
/** As long a consumer goes on with the next steps of a run by itself. */
const handOverMs = 1000;
const leaseMs = 5000;

/** A consumer as `consume-tasks.ts` and `report-task.ts` have it: claims, keeps its lease, works, reports stubbornly. */
export class SimulatedConsumer {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Comes back when the message is done with; throws when it is to be delivered again. */
  async consume({ taskId, attempt, consumer }: Wake): Promise<void> {
    const { object, timeline } = this.#world;
    const claim = await object.call(
      `claim ${taskId}:${attempt}`,
      ({ tasks }, now) => tasks.claim(taskId, attempt, now),
      ({ ok }) => ok,
    );
    if (!claim.ok) return;
    const since = timeline.now;
    const wanted = () => (timeline.now - since < handOverMs ? consumer : undefined);
    let next: TaskAssignment | undefined = claim.value;
    while (next) next = await this.#carryOut(next, wanted);
  }

  #death({ taskId, attempt }: TaskAssignment): Death {
    this.#world.trace(`a consumer dies: ${taskId}:${attempt}`);
    this.#world.ledger.excuse(`${taskId}:${attempt}`);
    return new Death();
  }

  /** Gives the next task of the run, claimed, when there is one for this consumer. */
  async #carryOut(
    assignment: TaskAssignment,
    wanted: () => TaskConsumer | undefined,
  ): Promise<TaskAssignment | undefined> {
    const pulse = { isAlive: true };
    this.#checkTurn(assignment);
    this.#world.ledger.claimed(`${assignment.taskId}:${assignment.attempt}`);
    try {
      if (this.#world.faults.strikes("consumerDeath")) throw this.#death(assignment);
      return await this.#alive(assignment, pulse, wanted);
    } finally {
      pulse.isAlive = false;
    }
  }

  /** What a turn is told of those before it is looked at against the run that it belongs to. */
  #checkTurn({ correlationId, taskId, input, transcript }: TaskAssignment): void {
    const run = this.#world.runs.get(correlationId);
    const task = run?.tasks[taskId];
    if (!run || !task || !/^m\d+$/.test(task.key)) return;
    for (const problem of brokenTranscript(run, task, input, transcript)) this.#world.violation(problem);
  }

  async #alive(
    assignment: TaskAssignment,
    pulse: { isAlive: boolean },
    wanted: () => TaskConsumer | undefined,
  ): Promise<TaskAssignment | undefined> {
    const { timeline, chance, faults, ledger } = this.#world;
    const stall = faults.strikes("consumerStall") ? chance.between(leaseMs, 20_000) : 0;
    if (stall > 0) ledger.excuse(`${assignment.taskId}:${assignment.attempt}`);
    this.#world.spawn(this.#beat(assignment, pulse, stall));
    const fate = await this.#work(assignment);
    await timeline.sleep(stall);
    if (faults.strikes("consumerDeath")) throw this.#death(assignment);
    return this.#report(assignment, fate, wanted());
  }

  async #beat({ taskId, attempt }: TaskAssignment, pulse: { isAlive: boolean }, stall: number) {
    const { timeline, object } = this.#world;
    for (await timeline.sleep(stall + heartbeatMs); pulse.isAlive; await timeline.sleep(heartbeatMs)) {
      try {
        await object.call(`renew ${taskId}:${attempt}`, ({ tasks }, now) =>
          tasks.renew(taskId, attempt, now),
        );
      } catch (error) {
        if (!(error instanceof Mishap)) throw error;
      }
    }
  }

  async #work(assignment: TaskAssignment): Promise<Fate> {
    const { timeline, chance, ledger, faults } = this.#world;
    const { correlationId, taskId, attempt, deadline } = assignment;
    const address = `${taskId}:${attempt}`;
    const usage = {
      tokensIn: chance.between(0, 9),
      tokensOut: chance.between(0, 9),
      costMicros: 1,
      durationMs: 2,
    };
    const failure = (code: string, retryable: boolean): Fate => ({
      type: "fails",
      failure: { error: { code, message: "It broke", retryable }, usage },
    });
    if (chance.happens(0.05)) return { type: "postponed", delayMs: chance.between(0, 20_000) };
    const known = this.#world.runs.get(correlationId)?.tasks[taskId];
    if (known && !known.ask && chance.happens(asksOften)) return { type: "asks" };
    const { count, unexcused } = ledger.call(address);
    if (unexcused > 0) this.#world.violation(`${address} was called upstream ${count} times`);
    await timeline.sleep(chance.happens(0.1) ? chance.between(1000, 30_000) : chance.between(1, 800));
    if (!faults.ceased && chance.happens(0.02)) {
      // Upstream never answers: the consumer gives up at the task's deadline.
      await timeline.sleep(deadline - this.#world.clock());
      return failure("UPSTREAM_TIMEOUT", true);
    }
    if (chance.happens(0.1)) return failure("UPSTREAM_ERROR", chance.happens(0.7));
    // More than a run keeps.
    const excess = chance.happens(0.002) ? { excess: "x".repeat(limits.outputBytes) } : {};
    const calls = assignment.transcript ? { calls: randomCalls(chance, assignment.transcript) } : {};
    const output = { ...excess, ...calls, text: `${address} ${count}`, list: [count, null, { deep: "水" }] };
    ledger.produced(address, output);
    const fuelUsed = chance.happens(0.3) ? chance.between(0, 60) : undefined;
    return { type: "succeeds", result: { output, usage, fuelUsed } };
  }

  async #report(
    { taskId, attempt }: TaskAssignment,
    fate: Fate,
    wanted: TaskConsumer | undefined,
  ): Promise<TaskAssignment | undefined> {
    const { timeline, object, chance, ledger } = this.#world;
    const address = `${taskId}:${attempt}`;
    for (let trial = 1; ; trial++) {
      try {
        const { next } = await object.call(
          `${fate.type} ${address}`,
          ({ tasks }, now) => handIn(tasks, { taskId, attempt }, fate, now, wanted),
          ({ applied }) => applied,
        );
        return next;
      } catch (error) {
        if (!(error instanceof Mishap) || trial === 5) {
          ledger.excuse(address);
          throw error;
        }
        await timeline.sleep(chance.between(100, 2000));
      }
    }
  }
}
