import type { DisabledReason } from "#src/kernel/webhook-words.ts";
import type { WebhookSettings } from "#src/objects/webhook-endpoint-api.ts";

const key = "state";

/** Until the platform knows that the endpoint has switched itself off, it is told again. */
export interface Notice {
  version: number;
  reason: DisabledReason;
  at: number;
  /** How often it was told, and when it is told next. */
  told: number;
  nextAt: number;
}

interface Remembered {
  settings?: WebhookSettings;
  /** Switched off by itself; a newer version of the settings ends that. */
  isDisabled?: boolean;
  notice?: Notice;
  /** The last event of the tenant's log that was taken: the log's epoch, and the event's number. */
  taken?: { epoch: string; seq: number };
  isRemoved?: boolean;
}

/** What an endpoint knows of itself besides its deliveries and secrets. */
export class EndpointState {
  readonly #kv: SyncKvStorage;
  #known: Remembered;

  constructor(kv: SyncKvStorage) {
    this.#kv = kv;
    this.#known = kv.get<Remembered>(key) ?? {};
  }

  get settings(): WebhookSettings | undefined {
    return this.#known.settings;
  }

  get notice(): Notice | undefined {
    return this.#known.notice;
  }

  /** The number of the last event that was taken of a log. */
  takenThrough(epoch: string): number {
    const { taken } = this.#known;
    return taken?.epoch === epoch ? taken.seq : 0;
  }

  /** Whether events are to be delivered to it. */
  get isOn(): boolean {
    const { settings, isDisabled, isRemoved } = this.#known;
    return settings?.isActive === true && !isDisabled && !isRemoved;
  }

  /** @returns whether the settings are news */
  configure(settings: WebhookSettings): boolean {
    const { isRemoved, settings: before } = this.#known;
    if (isRemoved || (before && settings.version <= before.version)) return false;
    this.#keep({ settings, isDisabled: false, notice: undefined });
    return true;
  }

  taken(epoch: string, seq: number): void {
    this.#keep({ taken: { epoch, seq } });
  }

  disable(reason: DisabledReason, now: number): void {
    const version = this.#known.settings?.version ?? 0;
    this.#keep({ isDisabled: true, notice: { version, reason, at: now, told: 0, nextAt: now } });
  }

  keepNotice(notice: Notice | undefined): void {
    this.#keep({ notice });
  }

  /** What is asked of it from now on finds nothing, also where word of it comes late. */
  remove(): void {
    this.#known = { isRemoved: true };
    this.#kv.put(key, this.#known);
  }

  #keep(change: Partial<Remembered>): void {
    this.#known = { ...this.#known, ...change };
    this.#kv.put(key, this.#known);
  }
}
