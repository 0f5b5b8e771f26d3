import type { EndedTurns } from "./delivery/ended-turns.ts";
import type { OpenTaskReport } from "./delivery/open-task-report.ts";
import type { ReadModelOutbox } from "./delivery/read-model-outbox.ts";
import type { WebhookFeeds } from "./delivery/webhook-feeds.ts";
import type { EventLog } from "./event-log.ts";
import type { Room } from "./room.ts";
import { taskPlaces } from "./tasks/task-leases.ts";

/** How soon an interrupted delivery is looked at again. */
const guardMilliseconds = 2000;

/** What is due now is being delivered already: looking again any sooner would only spin. */
const minMilliseconds = 100;

/** So much earlier than needed it may ring: setting it costs a row. */
const slackMilliseconds = 1000;

/**
 * While tasks are out, the object looks after them at least this often, whatever
 * their own times say: after a kill of everything only its alarm wakes it.
 */
const watchMilliseconds = 2500;

const allPlaces = JSON.stringify(taskPlaces);

/** When finished runs are looked at that could not be moved away. */
const patienceMilliseconds = 60_000;

interface Parts {
  outbox: ReadModelOutbox;
  log: Pick<EventLog, "published" | "latest">;
  room: Pick<Room, "isCrowded">;
  openTasks: Pick<OpenTaskReport, "next">;
  webhooks: Pick<WebhookFeeds, "isBehind">;
  endedTurns: Pick<EndedTurns, "isBehind">;
}

type AlarmStorage = Pick<DurableObjectStorage, "sql" | "setAlarm" | "deleteAlarm">;

/**
 * The object's one alarm. While things are written it rings every two seconds, or
 * earlier for a run whose time comes; when it has rung, it is set for exactly what
 * comes next: a task to send, a run's time, something undelivered. So a write asks
 * for nothing, and storage is written only when the time changes.
 */
export class Alarm {
  readonly #storage: AlarmStorage;
  readonly #retentionMs: number;
  readonly #parts: Parts;
  /** When it is set for, as far as this instance knows. */
  #at: number | null = null;
  /** Until then, finished runs wait to be moved away. */
  #patientUntil = 0;

  /** @param retentionMs how long a finished run stays in the object */
  constructor(storage: AlarmStorage, parts: Parts, retentionMs: number) {
    this.#storage = storage;
    this.#parts = parts;
    this.#retentionMs = retentionMs;
  }

  fired(now: number): void {
    this.#at = null;
    this.#patientUntil = now + patienceMilliseconds;
  }

  /** Makes sure that it rings soon, whatever happens to what is being done now. */
  guard(now: number): void {
    if (this.#at === null || this.#at > now + guardMilliseconds || this.#at < now)
      this.#set(now + guardMilliseconds);
  }

  /** Has it ring by then, if it would not before: a run's time comes. What is being written is looked at by then as well. */
  expect(at: number, now: number): void {
    const soon = Math.max(Math.min(at, now + guardMilliseconds), now + minMilliseconds);
    if (this.#at === null || this.#at < now || soon < this.#at) this.#set(soon);
  }

  /**
   * Sets it for what is next if it is not set for a time to come. The platform gives an alarm up that has failed a few
   * times, and does not say so: a new instance asks, and the sweep by cron has it asked.
   */
  rearm(now: number): void {
    if (this.#at !== null && this.#at >= now) return;
    const next = this.next(now);
    if (next !== null) this.#set(Math.max(next, now + minMilliseconds));
  }

  /** After it has rung and everything due is done: sets it for exactly what is next, or not at all. */
  rest(now: number): void {
    const next = this.next(now);
    if (next === null) {
      this.#at = null;
      this.#storage.deleteAlarm();
    } else if (this.#at === null || next < this.#at || next > this.#at + slackMilliseconds)
      this.#set(Math.max(next, now + minMilliseconds));
  }

  #set(at: number): void {
    this.#at = at;
    this.#storage.setAlarm(at);
  }

  /** When something is to be done, as it stands; null for never. */
  next(now: number): number | null {
    const { outbox, log, room, openTasks, webhooks, endedTurns } = this.#parts;
    const { at } = this.#storage.sql
      .exec<{ at: number | null }>(
        // Where tasks are due already, those that are not yet are not looked through: they may be many.
        `SELECT min(at) AS at FROM (
           SELECT min(min(send_at), ?1) AS at FROM tasks
             WHERE queue IN (SELECT value FROM json_each(?2)) AND deliveries > 0
           UNION ALL SELECT CASE
             WHEN EXISTS (SELECT 1 FROM tasks
               WHERE queue IN (SELECT value FROM json_each(?2)) AND deliveries = 0 AND send_at <= ?3) THEN ?4
             ELSE (SELECT min(send_at) FROM tasks
               WHERE queue IN (SELECT value FROM json_each(?2)) AND deliveries = 0 AND send_at > ?3) END
           UNION ALL SELECT min(wake_at) FROM runs WHERE wake_at IS NOT NULL
           UNION ALL SELECT max(min(ended_at) + ?5, ?6) FROM runs WHERE ended_at IS NOT NULL AND root_id IS NULL
           UNION ALL SELECT ?4 WHERE ?7 OR EXISTS (SELECT 1 FROM memory_changes)
             OR EXISTS (SELECT 1 FROM runs WHERE completed_at IS NOT NULL AND root_id IS NULL))`,
        now + watchMilliseconds,
        allPlaces,
        now,
        now + guardMilliseconds,
        room.isCrowded ? 0 : this.#retentionMs,
        this.#patientUntil,
        log.latest > log.published || webhooks.isBehind || endedTurns.isBehind ? 1 : 0,
      )
      .one();
    const copies = outbox.next(now);
    const times = [
      at,
      copies === null ? null : Math.max(copies, now + guardMilliseconds),
      openTasks.next(now),
    ].filter((time) => time !== null);
    return times.length === 0 ? null : Math.min(...times);
  }
}
