import type { DurableObjectEnv, QueueOfObjects } from "#durable-objects/environment.ts";
import { tenantHub } from "#durable-objects/tenant-hub/client.ts";
import { jsonBytes, limits } from "#src/engine/limits.ts";
import type { RunState, TaskState } from "#src/engine/run-state.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import type { TaskEnvelope } from "#src/tasks/envelope.ts";
import type { Queues } from "#src/tasks/queues.ts";
import { queueOfTask } from "#src/tasks/route-task.ts";
import type { Alarm } from "./alarm.ts";
import type { Audience } from "./audience.ts";
import type { ChangeSignal } from "./change-signal.ts";
import { tenantWorkflows } from "./client.ts";
import type { EventLog } from "./event-log.ts";
import type { MemoryRecall } from "./memory-recall.ts";
import { isMemoryTask, type MemoryTasks } from "./memory-tasks.ts";
import type { ReadModelOutbox } from "./read-model-outbox.ts";
import type { RunStore } from "./run-store.ts";
import type { TaskDesk } from "./task-desk.ts";
import type { DueTask, TaskLeases } from "./task-leases.ts";

/** Messages a queue takes at once; with envelopes of at most 100 KB a batch of two is always within its 256 KB. */
const batchSize = 100;
/** When a task is looked at again that could not be sent or carried out. */
const patienceMs = 10_000;
/** Memory tasks done in this object before the other due tasks are looked at again. */
const sliceSize = 10;
const batchBytes = 240 * 1024;
/** Copies that travel in one message, which may have 128 KB. */
const messageBytes = 100 * 1024;

interface OutgoingTask {
  task: DueTask;
  envelope: TaskEnvelope;
}

interface Parts {
  /** The tenant whose hub gets the events. */
  clientId: string;
  /** Which of the tenant's objects this is; the first one holds the tenant's log and tells the hub. */
  shard: number;
  memory: MemoryTasks;
  recall: MemoryRecall;
  alarm: Alarm;
  changes: ChangeSignal;
  waitUntil(work: Promise<unknown>): void;
  env: DurableObjectEnv;
  queues: Queues<QueueOfObjects>;
  runs: RunStore;
  leases: TaskLeases;
  tasks: TaskDesk;
  log: EventLog;
  audience: Audience;
  outbox: ReadModelOutbox;
  logger: Logger;
}

/**
 * After this a delivery counts as dead. The runtime ends what a call has begun
 * when its caller goes away, without a word: nobody may wait for that for ever.
 */
const deadAfterMs = 3000;

/**
 * How long events and copies are gathered, in milliseconds: a watcher does not
 * notice, and a quick run costs one message instead of one for every step.
 */
const gather = { events: 15, copies: 200 };

/** One kind of delivery, not twice at once; a call while it is busy makes it look again. */
class Line {
  readonly #what: string;
  readonly #deliver: () => Promise<boolean>;
  readonly #logger: Logger;
  readonly #gatherMs: number;
  #busySince = 0;
  #again = false;

  /** @param gatherMs how long to wait for more before the first delivery */
  constructor(what: string, gatherMs: number, deliver: () => Promise<boolean>, logger: Logger) {
    this.#what = what;
    this.#gatherMs = gatherMs;
    this.#deliver = deliver;
    this.#logger = logger;
  }

  async run(): Promise<void> {
    this.#again = true;
    if (Date.now() - this.#busySince < deadAfterMs) return;
    const mine = Date.now();
    this.#busySince = mine;
    if (this.#gatherMs > 0) await new Promise((resolve) => setTimeout(resolve, this.#gatherMs));
    while (this.#again && this.#busySince === mine) {
      this.#again = false;
      try {
        if (await this.#deliver()) this.#again = true;
      } catch (error) {
        this.#logger.error("delivery failed; the alarm will repeat it", {
          what: this.#what,
          ...errorFields(error),
        });
      }
    }
    // In the same breath as the last look at `again`: a call in between would be lost.
    if (this.#busySince === mine) this.#busySince = 0;
  }
}

/**
 * Delivers what the object has written: due tasks to their queues, events to
 * the hub, copies to the read models. Everything is read from SQLite and marked
 * after it was sent, so a crash in between only sends it again.
 */
export class Delivery {
  readonly #parts: Parts;
  readonly #lines: Line[];

  constructor(parts: Parts) {
    this.#parts = parts;
    // Lines side by side: a slow read model never holds up a task.
    this.#lines = [
      new Line("tasks", 0, () => this.#sendTasks(), parts.logger),
      new Line("events", gather.events, () => this.#publishEvents(), parts.logger),
      new Line("read models", gather.copies, () => this.#sendCopies(), parts.logger),
      new Line("memories", gather.copies, () => parts.recall.follow(), parts.logger),
    ];
  }

  /**
   * What every call ends with that may have written something: delivers what it has caused, unless it was refused or
   * ignored. The alarm is armed first, so a crash during the delivery is looked at again.
   * @returns what came of the call
   */
  deliver<T>(outcome: T): T {
    if (cameToNothing(outcome)) return outcome;
    const { alarm, changes, waitUntil } = this.#parts;
    alarm.guard(Date.now());
    changes.notify();
    waitUntil(this.drain());
    return outcome;
  }

  /** Delivers all there is. Failures are logged and left to the alarm. */
  async drain(): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.run()));
  }

  /** True when there may be more. */
  async #sendTasks(): Promise<boolean> {
    const due = this.#parts.tasks.due(Date.now(), batchSize);
    const byQueue = new Map<Queue<TaskEnvelope>, OutgoingTask[]>();
    const searches: Promise<void>[] = [];
    const stores: TaskState[] = [];
    for (const task of due) {
      await this.#unlessBroken(task.id, async () => {
        const run = this.#parts.runs.load(task.runId);
        const state = run?.tasks[task.id];
        if (!run || !state) return;
        if (isMemoryTask(state) && this.#parts.memory.isImmediate(state)) {
          stores.push(state);
        } else if (isMemoryTask(state)) {
          searches.push(this.#unlessBroken(task.id, () => this.#search(run, state)));
        } else {
          const { queue, envelope } = await this.#envelope(run, state);
          byQueue.set(queue, [...(byQueue.get(queue) ?? []), { task, envelope }]);
        }
      });
    }
    await Promise.all([
      ...searches,
      this.#performHere(stores.slice(0, sliceSize)),
      ...[...byQueue].map(async ([queue, entries]) => {
        for (const batch of batches(entries, ({ envelope }) => envelope, batchBytes)) {
          await this.#send(queue, batch);
        }
      }),
    ]);
    return due.length === batchSize || stores.length > sliceSize;
  }

  /** One memory task after the other; between two of them the object answers whoever else has asked. */
  async #performHere(stores: readonly TaskState[]): Promise<void> {
    for (const { id, attempt } of stores) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      await this.#unlessBroken(id, async () => {
        this.deliver(this.#parts.tasks.performHere(id, attempt, Date.now()));
      });
    }
  }

  /** Does something for a task. One that this breaks is looked at again later and holds up no other. */
  async #unlessBroken(taskId: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#parts.logger.error("a task cannot be delivered", { task_id: taskId, ...errorFields(error) });
      const now = Date.now();
      this.#parts.leases.putOff(taskId, now + patienceMs, now);
    }
  }

  /** Notes first that the messages are out, in one commit with what made them due: one that is lost is sent again. */
  async #send(queue: Queue<TaskEnvelope>, batch: readonly OutgoingTask[]): Promise<void> {
    const { leases } = this.#parts;
    const tasks = batch.map(({ task }) => task);
    leases.sent(tasks, Date.now());
    try {
      await queue.sendBatch(batch.map(({ envelope }) => ({ body: envelope })));
    } catch (error) {
      leases.unsent(tasks, Date.now());
      throw error;
    }
  }

  async #envelope(
    { header }: RunState,
    task: TaskState,
  ): Promise<{ queue: Queue<TaskEnvelope>; envelope: TaskEnvelope }> {
    const { queues } = this.#parts;
    const { id } = task;
    const envelope: TaskEnvelope = {
      topic: task.topic,
      task_id: id,
      correlation_id: header.id,
      causation_id: header.requestId,
      request_id: header.requestId,
      client_id: header.clientId,
      user_id: header.userId,
      ...(header.instanceId === null ? {} : { agent_instance_id: header.instanceId }),
      ...(header.projectId === null ? {} : { project_id: header.projectId }),
      priority: header.lane,
      fuel_reserved: task.fuelReserved,
      attempt: task.attempt,
      deadline: Math.round(task.deadline),
      traceparent: header.traceparent,
    };
    const payload = { action: task.action, data: task.input };
    if (jsonBytes(payload) <= limits.envelopeBytes) envelope.payload = payload;
    else envelope.payload_ref = await this.#storePayload(header.clientId, id, payload);
    return { queue: queues.of(queueOfTask(task.topic, header.lane, header.agents)), envelope };
  }

  /** A search that looks outside this object as well; after a crash it is due again like any task. */
  async #search(run: RunState, task: TaskState): Promise<void> {
    const started = Date.now();
    const output = await this.#parts.memory.search(run, task, started);
    const usage = { tokensIn: 0, tokensOut: 0, costMicros: 0, durationMs: Date.now() - started };
    const completion = { taskId: task.id, attempt: task.attempt, result: { output, usage } };
    this.deliver(this.#parts.tasks.complete(completion, Date.now()));
  }

  async #storePayload(clientId: string, taskId: string, payload: unknown): Promise<string> {
    const key = `payloads/${clientId}/${taskId}.json`;
    await this.#parts.env.BLOBS.put(key, JSON.stringify(payload));
    return key;
  }

  async #publishEvents(): Promise<boolean> {
    const { env, log, audience, clientId, shard } = this.#parts;
    if (shard === 0 && !audience.isPresent) {
      log.markPublished(log.latest);
      return false;
    }
    const events = log.unpublished(batchSize);
    const last = events.at(-1);
    if (!last) return false;
    if (shard === 0) await audience.tell(() => tenantHub(env, clientId).publish(events));
    else await tenantWorkflows(env, clientId).takeOverEvents(String(shard), events);
    log.markPublished(last.seq);
    return last.seq < log.latest;
  }

  async #sendCopies(): Promise<boolean> {
    const { queues, outbox } = this.#parts;
    const pending = outbox.pending(batchSize);
    for (const batch of batches(pending, ({ message }) => message, messageBytes)) {
      await queues.of("platform-events").send(batch.map(({ message }) => message));
      outbox.sent(batch.at(-1)?.seq ?? 0, Date.now());
    }
    return pending.length === batchSize;
  }
}

/** Whether a call has written nothing: it was refused, or it was a report that came too late. */
const cameToNothing = (outcome: unknown): boolean =>
  typeof outcome === "object" &&
  outcome !== null &&
  (("ok" in outcome && outcome.ok === false) || ("applied" in outcome && outcome.applied === false));

/** Splits entries so that no batch is larger than a queue takes, unless a single entry is. */
function* batches<T>(entries: readonly T[], bodyOf: (entry: T) => unknown, maxBytes: number): Generator<T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = jsonBytes(bodyOf(entry));
    if (batch.length > 0 && (batch.length >= batchSize || bytes + size > maxBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
