import type { OpenTasks } from "#src/objects/platform-message.ts";
import { taskQueues } from "#src/tasks/index.ts";
import { type Marks, marks as names } from "../marks.ts";
import type { TaskRows } from "../tasks/task-rows.ts";

/** From when something is to be told, or was told last, until it is: most runs are over by then. */
const patienceMs = 30_000;

/** How long after the object would have looked again its report counts: a message may take its time. */
const validMs = 300_000;

/** It is renewed when it would end sooner than this after the next look. */
const marginMs = 60_000;

/** Topics that a report names, those with most tasks. */
const maxTopics = 500;

const nothing = "{}";

const queues = JSON.stringify(taskQueues);
const ofQueues = "queue IN (SELECT value FROM json_each(?1))";
/** Those that wait for their turn, that are out, and that wait for another attempt; each as its index has it. */
const open = `
  SELECT topic FROM tasks WHERE ${ofQueues} AND send_at IS NOT NULL AND deliveries = 0
  UNION ALL SELECT topic FROM tasks WHERE ${ofQueues} AND deliveries > 0
  UNION ALL SELECT topic FROM tasks WHERE ${ofQueues} AND deliveries < 0`;

type TopicCounts = OpenTasks["topics"];

/** How a report leaves the object. */
export interface ReportSending {
  /** When the object looks again. */
  ringsAt(): number | null;
  send(counted: Pick<OpenTasks, "at" | "until" | "topics">): Promise<void>;
}

/**
 * Tells the read model how many tasks are open, by topic: half a minute after that has changed, and of an object that has
 * come to rest once more that it is none. What is over within half a minute is not told at all.
 */
export class OpenTaskReport {
  readonly #sql: SqlStorage;
  readonly #marks: Pick<Marks, "get" | "set">;
  readonly #rows: Pick<TaskRows, "moves">;
  /** What was told last, as JSON; undefined when another instance told it. */
  #told: string | undefined;
  /** Until when that counts. */
  #until: number;
  /** Since when there is something to tell, or when something was told last; null at rest. */
  #since: number | null = null;
  /** What had moved when it was looked at last. */
  #seen = -1;

  constructor(sql: SqlStorage, marks: Pick<Marks, "get" | "set">, rows: Pick<TaskRows, "moves">) {
    this.#sql = sql;
    this.#marks = marks;
    this.#rows = rows;
    this.#until = marks.get(names.openTasksUntil);
  }

  /** When something is to be told that the read model does not know; null when there is nothing. */
  next(now: number): number | null {
    if (this.#seen === this.#rows.moves) return null;
    if (this.#believed(now) === nothing && !this.#isAny()) {
      this.#seen = this.#rows.moves;
      this.#since = null;
      return null;
    }
    this.#since ??= now;
    return this.#since + patienceMs;
  }

  /** Tells it what is due. */
  async tell(now: number, { ringsAt, send }: ReportSending): Promise<void> {
    // Then it looks again as if something had moved, no sooner than it may.
    if (this.#endsEarly(now, ringsAt)) this.#seen = -1;
    const due = this.next(now);
    if (due === null || due > now) return;
    const topics = this.#count();
    const counted = JSON.stringify(topics);
    this.#seen = this.#rows.moves;
    this.#since = now;
    if (counted === this.#believed(now) && !this.#endsEarly(now, ringsAt)) return;
    const until = counted === nothing ? now : Math.max(ringsAt() ?? now, now) + validMs;
    // Noted before it goes out: an instance after this one knows that there is something to take back.
    if (counted !== nothing) this.#marks.set(names.openTasksUntil, until);
    this.#told = undefined;
    this.#until = Math.max(this.#until, until);
    // Later than every report before it, also when the clock has been put back: the latest one counts.
    const at = Math.max(now, this.#marks.get(names.openTasksAt) + 1);
    this.#marks.set(names.openTasksAt, at);
    try {
      await send({ at, until, topics });
    } catch (error) {
      this.#seen = -1;
      throw error;
    }
    if (counted === nothing) {
      this.#marks.set(names.openTasksUntil, 0);
      this.#since = null;
    }
    this.#told = counted;
    this.#until = until;
  }

  #believed = (now: number): string | undefined => (now < this.#until ? this.#told : nothing);

  /** Whether what was told would count no longer before the object looks again. */
  #endsEarly(now: number, ringsAt: () => number | null): boolean {
    return now < this.#until && this.#until < (ringsAt() ?? now) + marginMs;
  }

  #isAny(): boolean {
    return this.#sql.exec(`SELECT 1 FROM (${open}) LIMIT 1`, queues).toArray().length > 0;
  }

  #count(): TopicCounts {
    return Object.fromEntries(
      this.#sql
        .exec<{ topic: string; n: number }>(
          `SELECT topic, count(*) AS n FROM (${open}) GROUP BY topic ORDER BY n DESC, topic LIMIT ?2`,
          queues,
          maxTopics,
        )
        .toArray()
        .map(({ topic, n }) => [topic, n]),
    );
  }
}
