import type { DeliveryStatus } from "#src/kernel/webhook-words.ts";
import type {
  DeliveryAttempt,
  DeliveryPage,
  DeliveryQuery,
  WebhookDelivery,
  WebhookDeliveryDetail,
} from "#src/objects/webhook-endpoint-api.ts";

type Row = {
  number: number;
  id: string;
  event: string;
  entity_id: string;
  body: string;
  is_test: number;
  status: DeliveryStatus;
  reason: string | null;
  attempts: number;
  next_at: number | null;
  created_at: number;
  ended_at: number | null;
};

type AttemptRow = {
  number: number;
  at: number;
  duration_ms: number;
  url: string;
  status: number | null;
  answer: string | null;
  failure: string | null;
};

const attemptOf = ({ duration_ms: durationMs, ...row }: AttemptRow): DeliveryAttempt => ({
  ...row,
  durationMs,
});

/** Messages to an endpoint with what came of them, as they are shown. */
export class DeliveryLog {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Newest first. */
  page({ before, status, limit }: DeliveryQuery): DeliveryPage {
    const rows = this.#sql
      .exec<Row>(
        `SELECT * FROM deliveries WHERE number < ? AND status = coalesce(?, status) ORDER BY number DESC LIMIT ?`,
        before ?? Number.MAX_SAFE_INTEGER,
        status ?? null,
        limit + 1,
      )
      .toArray();
    const shown = rows.slice(0, limit);
    return {
      deliveries: shown.map((row) => this.#shown(row)),
      next: rows.length > limit ? (shown.at(-1)?.number ?? null) : null,
    };
  }

  find(id: string): (WebhookDelivery & { number: number }) | undefined {
    const row = this.#row(id);
    return row && { ...this.#shown(row), number: row.number };
  }

  detail(id: string): WebhookDeliveryDetail | undefined {
    const row = this.#row(id);
    if (!row) return undefined;
    const attempts = this.#sql.exec<AttemptRow>(`${selectAttempts} ORDER BY number`, row.number).toArray();
    return { ...this.#shown(row), body: row.body, attempts: attempts.map(attemptOf) };
  }

  #row(id: string): Row | undefined {
    return this.#sql.exec<Row>("SELECT * FROM deliveries WHERE id = ?", id).toArray()[0];
  }

  #shown(row: Row): WebhookDelivery {
    const [last] = this.#sql
      .exec<AttemptRow>(`${selectAttempts} ORDER BY number DESC LIMIT 1`, row.number)
      .toArray();
    return {
      id: row.id,
      event: row.event,
      entityId: row.entity_id,
      status: row.status,
      isTest: row.is_test === 1,
      reason: row.reason,
      attemptCount: row.attempts,
      nextAttemptAt: row.next_at,
      createdAt: row.created_at,
      endedAt: row.ended_at,
      lastAttempt: last ? attemptOf(last) : null,
    };
  }
}

const selectAttempts =
  "SELECT number, at, duration_ms, url, status, answer, failure FROM attempts WHERE delivery = ?";
