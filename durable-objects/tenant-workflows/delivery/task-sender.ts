import { jsonBytes, limits } from "#src/engine/limits.ts";
import type { RunState, TaskState } from "#src/engine/run-state.ts";
import { mapConcurrent } from "#src/kernel/map-concurrent.ts";
import type { Jurisdiction } from "#src/kernel/placement.ts";
import type { ObjectPlatform } from "#src/object-platform.ts";
import type { TaskReport } from "#src/objects/tasks-api.ts";
import { spanOfAttempt } from "#src/objects/trace-projection.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import { withSpan } from "#src/observability/trace-context.ts";
import { queueOfTask, type TaskEnvelope, type TaskQueue } from "#src/tasks/index.ts";
import { isMemoryTask, type MemoryTasks } from "../memory/memory-tasks.ts";
import type { RunStore } from "../runs/run-store.ts";
import type { TaskDesk } from "../tasks/task-desk.ts";
import type { TaskLeases } from "../tasks/task-leases.ts";
import type { DueTask } from "../tasks/waiting-lines.ts";
import { batches, batchSize } from "./batches.ts";

/** What a batch may have; with envelopes of at most 100 KB one of two is always within the 256 KB that a queue takes. */
const batchBytes = 240 * 1024;
/** When a task is looked at again that could not be sent or carried out. */
const patienceMs = 10_000;
/** Memory tasks done in this object before the other due tasks are looked at again. */
const sliceSize = 10;
/** Payloads that are stored at a time: an invocation has six connections. */
const maxUploads = 6;

interface Found {
  task: DueTask;
  run: RunState;
  state: TaskState;
}

interface OutgoingTask {
  task: DueTask;
  queue: TaskQueue;
  envelope: TaskEnvelope;
}

export interface TaskSenderParts extends Pick<ObjectPlatform, "queues" | "blobs"> {
  /** Where the object is held to, if anywhere: consumers find it only there. */
  jurisdiction: Jurisdiction | null;
  /** The object's own name. Where a lane has several queues, an object's messages are all on one of them. */
  name: string;
  memory: MemoryTasks;
  runs: RunStore;
  leases: TaskLeases;
  tasks: TaskDesk;
  /** Delivers what the report of a task that was carried out in this object has caused. */
  deliver(report: TaskReport): void;
  logger: Logger;
}

/** Sends due tasks: those of consumers to their queues; those about memories are carried out in the object itself. */
export class TaskSender {
  readonly #parts: TaskSenderParts;

  constructor(parts: TaskSenderParts) {
    this.#parts = parts;
  }

  /** True when there may be more. */
  async send(): Promise<boolean> {
    const { tasks, memory } = this.#parts;
    const due = tasks.due(Date.now(), batchSize);
    const stores: TaskState[] = [];
    const searches: Promise<void>[] = [];
    const leaving: Found[] = [];
    for (const task of due) {
      const found = await this.#unlessBroken(task.id, async () => this.#find(task));
      if (!found) continue;
      const { run, state } = found;
      if (!isMemoryTask(state)) leaving.push(found);
      else if (memory.isImmediate(state)) stores.push(state);
      else searches.push(this.#unlessBroken(task.id, () => this.#search(run, state)));
    }
    await Promise.all([...searches, this.#performHere(stores.slice(0, sliceSize)), this.#sendAll(leaving)]);
    return due.length === batchSize || stores.length > sliceSize;
  }

  #find(task: DueTask): Found | undefined {
    const run = this.#parts.runs.load(task.runId);
    const state = run?.tasks[task.id];
    return run && state && { task, run, state };
  }

  /** One memory task after the other; between two of them the object answers whoever else has asked. */
  async #performHere(stores: readonly TaskState[]): Promise<void> {
    const { tasks, deliver } = this.#parts;
    for (const { id, attempt } of stores) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      await this.#unlessBroken(id, async () => deliver(tasks.performHere(id, attempt, Date.now())));
    }
  }

  /** Does something for a task. One that this breaks is looked at again later and holds up no other. */
  async #unlessBroken<T>(taskId: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#parts.logger.error("a task cannot be delivered", { task_id: taskId, ...errorFields(error) });
      const now = Date.now();
      this.#parts.leases.putOff(taskId, now + patienceMs, now);
      return undefined;
    }
  }

  /** A search that looks outside this object as well; after a crash it is due again like any task. */
  async #search(run: RunState, task: TaskState): Promise<void> {
    const started = Date.now();
    const output = await this.#parts.memory.search(run, task, started);
    const usage = { tokensIn: 0, tokensOut: 0, costMicros: 0, durationMs: Date.now() - started };
    const completion = { taskId: task.id, attempt: task.attempt, result: { output, usage } };
    this.#parts.deliver(this.#parts.tasks.complete(completion, Date.now()));
  }

  async #sendAll(leaving: readonly Found[]): Promise<void> {
    const outgoing = await mapConcurrent(leaving, maxUploads, (found) =>
      this.#unlessBroken(found.task.id, () => this.#outgoing(found)),
    );
    const byQueue = Map.groupBy(
      outgoing.filter((one) => one !== undefined),
      ({ queue }) => queue,
    );
    await Promise.all(
      [...byQueue].map(async ([queue, entries]) => {
        for (const batch of batches(entries, ({ envelope }) => envelope, batchBytes)) {
          await this.#send(queue, batch);
        }
      }),
    );
  }

  /** Notes first that the messages are out, in one commit with what made them due: one that is lost is sent again. */
  async #send(queue: TaskQueue, batch: readonly OutgoingTask[]): Promise<void> {
    const { leases, queues, name } = this.#parts;
    const tasks = batch.map(({ task }) => task);
    leases.sent(tasks, Date.now());
    try {
      await queues.of(queue, name).sendBatch(batch.map(({ envelope }) => ({ body: envelope })));
    } catch (error) {
      leases.unsent(tasks, Date.now());
      throw error;
    }
  }

  /** A task as its message. An input that is too large for one travels through R2. */
  async #outgoing({ task, run: { header }, state }: Found): Promise<OutgoingTask> {
    const envelope = envelopeOf(header, state, this.#parts.jurisdiction);
    const payload = { action: state.action, data: state.input };
    if (jsonBytes(payload) <= limits.envelopeBytes) envelope.payload = payload;
    else envelope.payload_ref = await this.#storePayload(header.clientId, state.id, payload);
    return { task, queue: queueOfTask(state.topic, header.lane, header.agents), envelope };
  }

  async #storePayload(clientId: string, taskId: string, payload: unknown): Promise<string> {
    const key = `payloads/${clientId}/${taskId}.json`;
    await this.#parts.blobs.put(key, JSON.stringify(payload));
    return key;
  }
}

const envelopeOf = (
  header: RunState["header"],
  task: TaskState,
  jurisdiction: Jurisdiction | null,
): TaskEnvelope => ({
  ...(jurisdiction && { jurisdiction }),
  topic: task.topic,
  task_id: task.id,
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
  traceparent: withSpan(header.traceparent, spanOfAttempt(task.id, task.attempt)),
});
