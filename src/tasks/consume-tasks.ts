import { z } from "zod";
import type { TaskAddress } from "#src/engine/task-report.ts";
import type { TaskConsumer } from "#src/engine/topics.ts";
import { type Outcome, success } from "#src/kernel/outcome.ts";
import { taskAssignmentSchema } from "#src/objects/rpc-schemas.ts";
import { shardOfRun } from "#src/objects/run-id.ts";
import type { TaskAssignment, TasksApi } from "#src/objects/tasks-api.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import type { Metrics } from "#src/observability/metrics/metrics.ts";
import { childOf, parseTraceparent } from "#src/observability/trace-context.ts";
import { carryOut, type Work } from "./carry-out.ts";
import { type DeadLetter, deadLetter } from "./dead-letter.ts";
import type { DetachedWork } from "./detached-work.ts";
import { type TaskEnvelope, taskEnvelopeSchema } from "./envelope.ts";
import { GatheredReports } from "./gathered-reports.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { Places } from "./places.ts";
import type { Desk } from "./report-task.ts";
import { retryDelay } from "./retry-delay.ts";

export interface Consumer {
  /** Which Worker this is. */
  name: TaskConsumer;
  /** The tenant object that a task is of. */
  workflowsOf(envelope: TaskEnvelope): TasksApi;
  deadLetters: Queue<DeadLetter>;
  blobs: Pick<R2Bucket, "delete">;
  logger: Logger;
  metrics: Metrics;
  work: Work;
  /** Where a task must have a place before it is claimed; undefined for one that may go on at once. */
  placesFor?(envelope: TaskEnvelope): Places | undefined;
  /** Takes the work over from its batch (local queues only). */
  detached?: DetachedWork;
}

/**
 * Within this time from its claim a message's consumer goes on with the next steps of the run by itself. Later
 * ones go over their queue again, so that a long run never holds up the messages beside its own.
 */
const handOverMs = 1000;

/** So long a task waits for a place in its batch: less than the tenant object waits before it sends it again. */
const placePatienceMs = 2000;

interface Delivered {
  message: Message<unknown>;
  envelope: TaskEnvelope;
}

/**
 * Consumes a batch of tasks side by side (a batch is small: wrangler.toml); no
 * message can hold up or break another, and no tenant's object another's.
 */
export async function consumeTasks(batch: MessageBatch<unknown>, consumer: Consumer): Promise<void> {
  await consumer.detached?.room();
  const byObject = new Map<string, Delivered[]>();
  const malformed: Promise<void>[] = [];
  for (const message of batch.messages) {
    const parsed = taskEnvelopeSchema.safeParse(message.body);
    if (!parsed.success) {
      const reason = `Malformed task message: ${z.prettifyError(parsed.error)}`;
      const letter = deadLetter(batch.queue, message.body, reason, Date.now());
      const send = () => consumer.deadLetters.send(letter);
      malformed.push(settled(batch.queue, { message }, consumer, send));
      continue;
    }
    const { client_id, correlation_id } = parsed.data;
    const object = `${client_id}:${shardOfRun(correlation_id)}`;
    byObject.set(object, [...(byObject.get(object) ?? []), { message, envelope: parsed.data }]);
  }
  await Promise.all([
    ...malformed,
    ...[...byObject.values()].map((delivered) => consumeOfObject(batch.queue, delivered, consumer)),
  ]);
}

/** Carries out the tasks of one object: those that can go on at once, and the others when they get a place. */
async function consumeOfObject(queue: string, delivered: Delivered[], consumer: Consumer): Promise<void> {
  const [first] = delivered;
  if (!first) return;
  const tenant = () => consumer.workflowsOf(first.envelope);
  const { name, logger, metrics } = consumer;
  const desk: Desk = {
    consumer: name,
    tenant,
    reports: new GatheredReports(tenant),
    heartbeat: new Heartbeat(tenant, logger),
    logger,
    metrics,
  };
  const works = delivered.map((one) => ({ one, places: consumer.placesFor?.(one.envelope) }));
  const { now = [], later = [] } = Object.groupBy(works, ({ places }) =>
    !places || places.take() ? "now" : "later",
  );
  await Promise.all([
    consumeTogether(queue, now, desk, consumer),
    ...later.map((work) => consumeLater(queue, work, desk, consumer)),
  ]);
}

interface TaskWithPlace {
  one: Delivered;
  /** Where the task has a place, if its kind needs one. */
  places: Places | undefined;
}

/** Claims tasks with one call. What is to be done about each when the claims have come; it leaves its place at the end. */
function claimedWorks(tasks: readonly TaskWithPlace[], desk: Desk, consumer: Consumer) {
  const addresses = tasks.map(({ one }): TaskAddress => [one.envelope.task_id, one.envelope.attempt]);
  const claims = desk.tenant().claimTasks(addresses);
  const works = tasks.map(({ one, places }, index) => async () => {
    try {
      const claimed = (await claims)[index];
      if (claimed) await carryOutRun(one.envelope, readClaim(claimed), desk, consumer);
    } finally {
      places?.leave();
    }
  });
  return { claims, works };
}

/** The object that answered may be of another release than this consumer. */
const readClaim = (claimed: Outcome<TaskAssignment>): Outcome<TaskAssignment> =>
  claimed.ok ? success(taskAssignmentSchema.parse(claimed.value)) : claimed;

async function consumeTogether(
  queue: string,
  tasks: readonly TaskWithPlace[],
  desk: Desk,
  consumer: Consumer,
): Promise<void> {
  if (tasks.length === 0) return;
  const { claims, works } = claimedWorks(tasks, desk, consumer);
  const { detached } = consumer;
  // A claim that is lost has its messages delivered again, as ever.
  const isClaimed = await claims.then(
    () => true,
    () => false,
  );
  await Promise.all(
    tasks.map(async ({ one }, index) => {
      const work = async () => works[index]?.();
      if (!detached || !isClaimed) return settled(queue, one, consumer, work);
      detach(queue, one, { ...consumer, detached }, work);
    }),
  );
}

/**
 * Lets a task wait for a place, and claims it only then: meanwhile another consumer may have it, and its time does
 * not run. One that gets no place soon is left to the tenant object, which sends it again, so that it holds up no batch.
 */
async function consumeLater(
  queue: string,
  task: TaskWithPlace,
  desk: Desk,
  consumer: Consumer,
): Promise<void> {
  const work = async () => {
    if (!(await task.places?.wait(placePatienceMs))) return;
    const [mine] = claimedWorks([task], desk, consumer).works;
    await mine?.();
  };
  const { detached } = consumer;
  if (!detached) return settled(queue, task.one, consumer, work);
  detach(queue, task.one, { ...consumer, detached }, work);
}

/** Answers a message whose work goes on beside its batch. What fails from here on the tenant object sends again. */
function detach(
  queue: string,
  { message }: Delivered,
  consumer: Consumer & { detached: DetachedWork },
  work: () => Promise<unknown>,
): void {
  message.ack();
  consumer.detached.take(work().catch((error) => noteFailure(queue, error, consumer)));
}

/** Acknowledges a message whose work went through; otherwise it is delivered again, until its task's deadline at least. */
async function settled(
  queue: string,
  { message, envelope }: Pick<Delivered, "message"> & Partial<Delivered>,
  consumer: Consumer,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work();
    message.ack();
  } catch (error) {
    noteFailure(queue, error, consumer);
    message.retry({ delaySeconds: retryDelay(message.attempts, envelope?.deadline, Date.now()) });
  }
}

const noteFailure = (queue: string, error: unknown, { logger }: Consumer): void =>
  logger.error("task message failed; it is delivered again", { queue, ...errorFields(error) });

/**
 * Carries out a claimed task, and what of its run follows at once. Every message
 * that comes back from here is done with: what was not finished is sent again by
 * the tenant object.
 */
async function carryOutRun(
  envelope: TaskEnvelope,
  claimed: Outcome<TaskAssignment>,
  desk: Desk,
  consumer: Consumer,
): Promise<void> {
  const { correlation_id, client_id, request_id, traceparent } = envelope;
  const trace = childOf(parseTraceparent(traceparent));
  const loggerOf = (task_id: string, attempt: number) =>
    consumer.logger.with({
      task_id,
      attempt,
      correlation_id,
      client_id,
      request_id,
      trace_id: trace.traceId,
    });
  if (!claimed.ok) {
    loggerOf(envelope.task_id, envelope.attempt).debug("task not claimed", { reason: claimed.message });
    return;
  }
  const since = Date.now();
  let next: TaskAssignment | undefined = claimed.value;
  while (next) {
    const logger = loggerOf(next.taskId, next.attempt);
    const takesNext = () => Date.now() - since < handOverMs;
    next = await carryOut({ ...desk, logger, trace }, next, consumer.work, takesNext);
  }
  await forgetPayload(envelope, consumer);
}

/**
 * Removes a payload that was too large for its message: the claim has brought
 * the same input with more authority. A later attempt brings its own.
 */
async function forgetPayload(
  { client_id, task_id, payload_ref }: TaskEnvelope,
  { blobs, logger }: Consumer,
): Promise<void> {
  if (payload_ref !== payloadKey(client_id, task_id)) return;
  await blobs.delete(payload_ref).catch((error) => logger.warn("payload left behind", errorFields(error)));
}

/** Where the input of a task lies that is too large for a queue message. */
const payloadKey = (clientId: string, taskId: string): string => `payloads/${clientId}/${taskId}.json`;
