import { z } from "zod";
import type { AppendedEvent, EventLog } from "#src/events/index.ts";
import type { EventOf } from "#src/kernel/event-catalogue.ts";
import type { Duty } from "./duties.ts";

type Told = EventOf<"profile.updated" | "profile.erased" | "consent.changed">;

type NewsRow = { number: number; person_id: string; event: string; data: string };

/** Events that one call carries. */
const atOnce = 50;

const dataSchema = z.record(z.string(), z.unknown());

/** Tells the tenant's log what has happened to persons: written with what it tells of, told until it is heard. */
export class News implements Duty {
  readonly name = "news";
  readonly #sql: SqlStorage;
  readonly #log: () => Pick<EventLog, "appendEvents">;

  constructor(sql: SqlStorage, log: () => Pick<EventLog, "appendEvents">) {
    this.#sql = sql;
    this.#log = log;
  }

  tell(personId: string, { event, data }: Told): void {
    this.#sql.exec(
      "INSERT INTO news (person_id, event, data) VALUES (?, ?, ?)",
      personId,
      event,
      JSON.stringify(data),
    );
  }

  get nextAt(): number | null {
    return this.#sql.exec("SELECT 1 FROM news LIMIT 1").toArray().length > 0 ? 0 : null;
  }

  async run(): Promise<void> {
    const rows = this.#sql.exec<NewsRow>("SELECT * FROM news ORDER BY number LIMIT ?", atOnce).toArray();
    await this.#log().appendEvents(rows.map(eventOf));
    this.#sql.exec("DELETE FROM news WHERE number <= ?", rows.at(-1)?.number ?? 0);
  }
}

const eventOf = ({ number, person_id: personId, event, data }: NewsRow): AppendedEvent => ({
  id: `personalisation:${number}`,
  event,
  entityId: personId,
  ownerUserId: personId,
  data: dataSchema.parse(JSON.parse(data)),
});
