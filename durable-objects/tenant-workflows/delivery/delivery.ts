import type { ObjectPlatform } from "#src/object-platform.ts";
import type { WebhookEndpointApi } from "#src/objects/webhook-endpoint-api.ts";
import { DeliveryLine } from "../../delivery-line.ts";
import type { Alarm } from "../alarm.ts";
import type { ChangeSignal } from "../change-signal.ts";
import type { EventLog } from "../event-log.ts";
import type { MemoryRecall } from "../memory/memory-recall.ts";
import type { Audience, Publish } from "./audience.ts";
import { batches, batchSize } from "./batches.ts";
import { cameToNothing } from "./came-to-nothing.ts";
import type { EndedTurns } from "./ended-turns.ts";
import type { OpenTaskReport } from "./open-task-report.ts";
import type { ReadModelOutbox } from "./read-model-outbox.ts";
import { TaskSender, type TaskSenderParts } from "./task-sender.ts";
import type { WebhookFeeds } from "./webhook-feeds.ts";

/** Copies that travel in one message, which may have 128 KB. */
const messageBytes = 100 * 1024;

interface Parts extends Omit<TaskSenderParts, "deliver">, Pick<ObjectPlatform, "objects" | "handOver"> {
  /** The tenant whose hub gets the events. */
  clientId: string;
  /** Which of the tenant's objects this is; the first one holds the tenant's log and tells the hub. */
  shard: number;
  recall: MemoryRecall;
  alarm: Alarm;
  changes: ChangeSignal;
  waitUntil(work: Promise<unknown>): void;
  log: EventLog;
  audience: Audience;
  webhooks: WebhookFeeds;
  /** Who takes the events of a feed. */
  takerOf(feed: string): Pick<WebhookEndpointApi, "take">;
  outbox: ReadModelOutbox;
  openTasks: OpenTaskReport;
  endedTurns: EndedTurns;
}

/**
 * How long events and copies are gathered, in milliseconds: a watcher does not
 * notice, and a quick run costs one message instead of one for every step.
 */
const gather = { events: 15, copies: 200 };

/**
 * Delivers what the object has written: due tasks to their queues, events to
 * the hub and to webhooks, copies to the read models. Everything is read from SQLite and marked
 * after it was sent, so a crash in between only sends it again.
 */
export class Delivery {
  readonly #parts: Parts;
  readonly #lines: DeliveryLine[];
  readonly #openTasks: DeliveryLine;
  /** One for each hub of the tenant: one that is slow or fails holds up no other. */
  readonly #hubs = new Map<number, DeliveryLine>();
  /** One for each endpoint of the tenant's webhooks, likewise. */
  readonly #endpoints = new Map<string, DeliveryLine>();

  constructor(parts: Parts) {
    this.#parts = parts;
    const { logger, recall } = parts;
    const tasks = new TaskSender({ ...parts, deliver: (report) => this.deliver(report) });
    // Lines side by side: a slow read model never holds up a task.
    this.#lines = [
      new DeliveryLine("tasks", 0, () => tasks.send(), logger),
      new DeliveryLine("read models", gather.copies, () => this.#sendCopies(), logger),
      new DeliveryLine("ended turns", 0, () => this.#tellTurns(), logger),
      new DeliveryLine("memories", gather.copies, () => recall.follow(), logger),
    ];
    this.#openTasks = new DeliveryLine("open tasks", 0, () => this.#tellOpenTasks(), logger);
    if (parts.shard > 0)
      this.#lines.push(new DeliveryLine("events", gather.events, () => this.#handOver(), logger));
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

  /** Goes on with something when the call that led to it has been answered. */
  after(work: Promise<unknown>): void {
    this.#parts.waitUntil(work);
  }

  /** Delivers all there is. Failures are logged and left to the alarm. */
  async drain(): Promise<void> {
    const { shard, audience, webhooks, handOver, waitUntil } = this.#parts;
    const hubs = shard === 0 ? audience.hubs.map((hub) => this.#lineOf(hub)) : [];
    const endpoints = webhooks.ids.map((id) => this.#lineTo(id));
    await Promise.all([...this.#lines, ...hubs, ...endpoints].map((line) => line.run()));
    handOver.after(waitUntil);
  }

  /** What time makes due beside that: nothing that is written asks for it. */
  async drainInTime(): Promise<void> {
    await Promise.all([this.drain(), this.#openTasks.run()]);
  }

  #lineOf(hub: number): DeliveryLine {
    const { objects, audience, log, clientId, logger } = this.#parts;
    const known = this.#hubs.get(hub);
    if (known) return known;
    const publish: Publish = (at, events, isAfterGap) =>
      objects.hub(clientId, at).publish(events, log.epoch, isAfterGap);
    const line = new DeliveryLine(
      `events for hub ${hub}`,
      gather.events,
      () => audience.tell(hub, publish),
      logger,
    );
    this.#hubs.set(hub, line);
    return line;
  }

  #lineTo(webhookId: string): DeliveryLine {
    const { takerOf, webhooks, logger } = this.#parts;
    const known = this.#endpoints.get(webhookId);
    if (known) return known;
    const line = new DeliveryLine(
      `events for webhook ${webhookId}`,
      gather.events,
      () => webhooks.feed(webhookId, (epoch, events) => takerOf(webhookId).take(epoch, events)),
      logger,
    );
    this.#endpoints.set(webhookId, line);
    return line;
  }

  /** Hands events to the object with the tenant's log. True when there may be more. */
  async #handOver(): Promise<boolean> {
    const { objects, log, audience, clientId, shard } = this.#parts;
    const events = log.unpublished(batchSize);
    const last = events.at(-1);
    if (!last) return false;
    const spread = await objects.workflows(clientId).takeOverEvents(String(shard), events);
    // An object of the release before does not say it.
    if (spread) audience.learn(spread);
    log.markPublished(last.seq);
    return last.seq < log.latest;
  }

  #tellTurns(): Promise<boolean> {
    const { endedTurns, objects, clientId } = this.#parts;
    return endedTurns.tell((conversationId) => objects.conversation(clientId, conversationId));
  }

  async #tellOpenTasks(): Promise<boolean> {
    const { queues, openTasks, alarm, name, clientId, shard } = this.#parts;
    const now = Date.now();
    await openTasks.tell(now, {
      ringsAt: () => alarm.next(now),
      send: async (counted) => {
        const message = { type: "tasks.open" as const, client_id: clientId, shard, ...counted };
        await queues.of("platform-events", name).send(message);
      },
    });
    return false;
  }

  async #sendCopies(): Promise<boolean> {
    const { queues, outbox, name } = this.#parts;
    const pending = outbox.pending(batchSize);
    for (const batch of batches(pending, (message) => message, messageBytes)) {
      await queues.of("platform-events", name).send(batch);
      outbox.sent(batch, Date.now());
    }
    return outbox.isBehind;
  }
}
