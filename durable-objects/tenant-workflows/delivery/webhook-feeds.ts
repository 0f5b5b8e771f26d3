import type { PlatformEvent } from "#src/events/index.ts";
import type { WebhookFeed } from "#src/objects/events-api.ts";
import type { EventLog } from "../event-log.ts";
import { batchSize } from "./batches.ts";

/** Hands events to an endpoint, which says whether it wants any. */
export type Take = (epoch: string, events: PlatformEvent[]) => Promise<{ isWanted: boolean }>;

/** Events that are passed over before it is written down: an endpoint that is given events twice takes them once. */
const maxRepeated = 200;

type Row = { webhook_id: string; version: number; events: string; through: number };

interface Feed {
  version: number;
  wanted: ReadonlySet<string>;
  /** The number of the last event that the endpoint has been given or does not want. */
  through: number;
  /** What the table says of that. */
  settled: number;
}

/**
 * Which endpoints of the tenant's webhooks want which events, and up to where each has been given them. An object
 * without any looks nothing up and writes nothing down.
 */
export class WebhookFeeds {
  readonly #sql: SqlStorage;
  readonly #log: Pick<EventLog, "read" | "latest" | "epoch">;
  readonly #feeds: Map<string, Feed>;

  constructor(sql: SqlStorage, log: Pick<EventLog, "read" | "latest" | "epoch">) {
    this.#sql = sql;
    this.#log = log;
    const rows = sql.exec<Row>("SELECT webhook_id, version, events, through FROM webhook_feeds").toArray();
    this.#feeds = new Map(
      rows.map(({ webhook_id, version, events, through }) => [
        webhook_id,
        { version, wanted: new Set<string>(JSON.parse(events)), through, settled: through },
      ]),
    );
  }

  /** An endpoint wants something else from now on, or nothing any more. */
  learn({ webhookId, version, events }: WebhookFeed): void {
    const known = this.#feeds.get(webhookId);
    if (known && version <= known.version) return;
    const isOn = known !== undefined && known.wanted.size > 0;
    this.#keep(webhookId, {
      version,
      wanted: new Set(events),
      // One that is new, or was off, begins with what comes.
      through: isOn ? known.through : this.#log.latest,
    });
  }

  /** The endpoints that want something. */
  get ids(): string[] {
    return [...this.#feeds].filter(([, { wanted }]) => wanted.size > 0).map(([id]) => id);
  }

  /** Whether an endpoint has not been given all. */
  get isBehind(): boolean {
    return this.ids.some((id) => (this.#feeds.get(id)?.through ?? 0) < this.#log.latest);
  }

  /**
   * Gives an endpoint what it has not been given and wants, in order.
   * @returns whether there may be more
   */
  async feed(webhookId: string, take: Take): Promise<boolean> {
    const feed = this.#feeds.get(webhookId);
    if (!feed || feed.wanted.size === 0 || feed.through >= this.#log.latest) return false;
    const { events } = this.#log.read({ since: feed.through, limit: batchSize });
    const through = events.at(-1)?.seq ?? this.#log.latest;
    const wanted = events.filter(({ event }) => feed.wanted.has(event));
    const { isWanted } = wanted.length > 0 ? await take(this.#log.epoch, wanted) : { isWanted: true };
    // What it wants may have changed meanwhile.
    const now = this.#feeds.get(webhookId);
    if (now !== feed) return true;
    if (!isWanted) this.#keep(webhookId, { ...feed, wanted: new Set() });
    else if (wanted.length > 0 || through >= feed.settled + maxRepeated)
      this.#keep(webhookId, { ...feed, through });
    else feed.through = through;
    return through < this.#log.latest;
  }

  /** Writes down up to where each has been given events, so that a new instance has nothing to do. */
  settle(): void {
    for (const [id, feed] of this.#feeds) if (feed.through > feed.settled) this.#keep(id, feed);
  }

  #keep(webhookId: string, { version, wanted, through }: Omit<Feed, "settled">): void {
    this.#feeds.set(webhookId, { version, wanted, through, settled: through });
    this.#sql.exec(
      `INSERT INTO webhook_feeds (webhook_id, version, events, through) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT (webhook_id) DO UPDATE SET version = ?2, events = ?3, through = ?4`,
      webhookId,
      version,
      JSON.stringify([...wanted]),
      through,
    );
  }
}
