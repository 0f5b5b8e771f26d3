import { Rota, share } from "./fair-places.ts";

export interface DueTask {
  id: string;
  runId: string;
  /** How often it was sent before. */
  deliveries: number;
  /** Whether its row says already that it is sent. */
  isAway?: boolean;
}

export interface TaskRow extends Record<string, SqlStorageValue> {
  id: string;
  run_id: string;
  deliveries: number;
  user_id: string;
}

export const dueTask = ({ id, run_id, deliveries }: TaskRow): DueTask => ({ id, runId: run_id, deliveries });

/** A user's tasks that wait for the places of a topic. */
export interface WaitingLine extends Record<string, SqlStorageValue> {
  queue: string;
  topic: string;
  user_id: string;
}

type Topic = Pick<WaitingLine, "queue" | "topic">;

/**
 * Steps from line to line, however long each is: to the topic's next user, else the queue's next topic, else the next
 * queue. `SELECT DISTINCT` would read every task that waits.
 */
const waitingLines = `
  WITH RECURSIVE line (task) AS (
    SELECT (SELECT id FROM tasks WHERE send_at IS NOT NULL AND deliveries = 0
            ORDER BY queue, topic, user_id LIMIT 1)
    UNION ALL SELECT coalesce(
      (SELECT id FROM tasks WHERE send_at IS NOT NULL AND deliveries = 0
         AND queue = last.queue AND topic = last.topic AND user_id > last.user_id ORDER BY user_id LIMIT 1),
      (SELECT id FROM tasks WHERE send_at IS NOT NULL AND deliveries = 0
         AND queue = last.queue AND topic > last.topic ORDER BY topic, user_id LIMIT 1),
      (SELECT id FROM tasks WHERE send_at IS NOT NULL AND deliveries = 0
         AND queue > last.queue ORDER BY queue, topic, user_id LIMIT 1))
    FROM line JOIN tasks AS last ON last.id = line.task)
  SELECT queue, topic, user_id FROM line JOIN tasks ON tasks.id = line.task`;

/** Of each user's line for a topic the tasks at its head. */
const firstOfLines = `
  SELECT tasks.id, run_id, deliveries, tasks.user_id FROM json_each(?) AS line JOIN tasks ON tasks.id IN (
    SELECT id FROM tasks AS waiting
    WHERE queue = ? AND topic = ? AND waiting.user_id = line.value AND waiting.deliveries = 0 AND waiting.send_at <= ?
    ORDER BY waiting.send_at LIMIT ?)
  ORDER BY send_at`;

const lineKey = ({ queue, topic, user_id }: WaitingLine): string => JSON.stringify([queue, topic, user_id]);

/** The tasks that wait for places of their topics. What does not go out waits here, where it holds up nobody else. */
export class WaitingLines {
  readonly #sql: SqlStorage;
  readonly #atOnce: number;
  readonly #rota = new Rota();

  /** @param atOnce how many tasks of one topic are out on a queue at a time */
  constructor(sql: SqlStorage, atOnce: number) {
    this.#sql = sql;
    this.#atOnce = atOnce;
  }

  /** Whether a task need not wait: nobody does, and half of the places are free, so that nobody is passed over. */
  isOpen({ queue, topic }: Topic): boolean {
    const { waits, n } = this.#sql
      .exec<{ waits: number; n: number }>(
        `SELECT EXISTS (SELECT 1 FROM tasks WHERE queue = ? AND topic = ? AND deliveries = 0 AND send_at IS NOT NULL)
           AS waits,
         (SELECT count(*) FROM (SELECT 1 FROM tasks WHERE queue = ? AND topic = ? AND deliveries > 0 LIMIT ?)) AS n`,
        queue,
        topic,
        queue,
        topic,
        Math.ceil(this.#atOnce / 2),
      )
      .one();
    return waits === 0 && n < Math.ceil(this.#atOnce / 2);
  }

  /** What there are places for, shared among the users who wait; and whether more waits than there is room for. */
  due(now: number): { tasks: DueTask[]; isFull: boolean } {
    const lines = this.#sql.exec<WaitingLine>(waitingLines).toArray();
    const topics = Map.groupBy(lines, ({ queue, topic }) => JSON.stringify([queue, topic]));
    const waiting = [...topics.values()].map((all) => this.#withinRoom(all, now));
    return {
      tasks: waiting.flatMap(({ tasks }) => tasks),
      isFull: waiting.some(({ isFull }) => isFull),
    };
  }

  /** Of the tasks that wait for one topic those that there is room for, of each user the ones that have waited longest. */
  #withinRoom(all: readonly WaitingLine[], now: number): { tasks: DueTask[]; isFull: boolean } {
    const [topic] = all;
    if (!topic) return { tasks: [], isFull: false };
    const out = this.#countOut(topic);
    const free = Math.max(0, this.#atOnce - [...out.values()].reduce((sum, count) => sum + count, 0));
    if (free === 0) return { tasks: [], isFull: true };
    const lines = this.#rota.inTurn(all, lineKey);
    const waiting = this.#waitingIn(topic, lines, now, free + 1);
    const claimants = lines.map(({ user_id }) => ({
      out: out.get(user_id) ?? 0,
      waiting: waiting.get(user_id)?.length ?? 0,
    }));
    const shares = share(free, claimants);
    for (const [index, line] of lines.entries()) if (shares[index]) this.#rota.gives(lineKey(line));
    return {
      tasks: lines.flatMap(({ user_id }, index) => waiting.get(user_id)?.slice(0, shares[index]) ?? []),
      isFull: claimants.some(({ waiting }, index) => waiting > (shares[index] ?? 0)),
    };
  }

  /** The tasks of one topic that each user has waited for longest, at most so many of each. */
  #waitingIn(
    { queue, topic }: Topic,
    lines: readonly WaitingLine[],
    now: number,
    limit: number,
  ): Map<string, DueTask[]> {
    const users = JSON.stringify(lines.map(({ user_id }) => user_id));
    const rows = this.#sql.exec<TaskRow>(firstOfLines, users, queue, topic, now, limit).toArray();
    return new Map(
      [...Map.groupBy(rows, ({ user_id }) => user_id)].map(([user, tasks]) => [user, tasks.map(dueTask)]),
    );
  }

  /** How many places of a topic each user has. */
  #countOut({ queue, topic }: Topic): Map<string, number> {
    return new Map(
      this.#sql
        .exec<{ user_id: string; n: number }>(
          `SELECT user_id, count(*) AS n FROM tasks
           WHERE queue = ? AND topic = ? AND deliveries > 0 GROUP BY user_id`,
          queue,
          topic,
        )
        .toArray()
        .map(({ user_id, n }) => [user_id, n]),
    );
  }
}
