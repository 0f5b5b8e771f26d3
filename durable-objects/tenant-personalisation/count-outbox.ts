import { z } from "zod";
import { type CountedEvent, type CountedMessage, countedEventSchema } from "#src/objects/counted-events.ts";
import type { Duty } from "./duties.ts";

interface Parts {
  sql: SqlStorage;
  clientId: string;
  send(message: CountedMessage): Promise<unknown>;
}

const eventsSchema = z.array(countedEventSchema);

/** Tells what counts, written with what it comes of, until the queue has it. What it says is of nobody. */
export class CountOutbox implements Duty {
  readonly name = "counts";
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  put(events: readonly CountedEvent[]): void {
    this.#parts.sql.exec("INSERT INTO uncounted (events) VALUES (?)", JSON.stringify(events));
  }

  get nextAt(): number | null {
    return this.#parts.sql.exec("SELECT 1 FROM uncounted LIMIT 1").toArray().length > 0 ? 0 : null;
  }

  async run(): Promise<void> {
    const { sql, clientId, send } = this.#parts;
    const rows = sql
      .exec<{ number: number; events: string }>(
        "SELECT number, events FROM uncounted ORDER BY number LIMIT 20",
      )
      .toArray();
    const events = rows.flatMap((row) => eventsSchema.parse(JSON.parse(row.events)));
    await send({ type: "events.counted", client_id: clientId, events });
    sql.exec("DELETE FROM uncounted WHERE number <= ?", rows.at(-1)?.number ?? 0);
  }
}
