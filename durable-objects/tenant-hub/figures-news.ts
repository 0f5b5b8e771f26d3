import { figuresAudience, figuresFrame } from "#src/realtime/index.ts";
import { frameOf } from "./frame.ts";
import type { HubAlarm } from "./hub-alarm.ts";
import type { Listener } from "./listener.ts";
import type { Sockets } from "./sockets.ts";

/** Nobody is told more often. */
const everyMs = 10_000;

/** Of a tenant, when it was told last, and whether there is something to tell again. */
interface Standing {
  clientId: string;
  toldAt: number;
  isDue: boolean;
}

interface Parts {
  storage: { kv: Pick<SyncKvStorage, "get" | "put"> };
  sockets: Pick<Sockets<Listener>, "listeners">;
  alarm: Pick<HubAlarm, "by">;
}

const key = "figures";

/** Tells whoever sees the tenant's figures that there are others; what changes meanwhile is told when it is time again. */
export class FiguresNews {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async changed(clientId: string, now: number): Promise<void> {
    const { toldAt, isDue } = this.#standing ?? { toldAt: Number.NEGATIVE_INFINITY, isDue: false };
    if (now >= toldAt + everyMs) return this.#tell(clientId, now);
    if (isDue) return;
    this.#parts.storage.kv.put(key, { clientId, toldAt, isDue: true });
    await this.#parts.alarm.by(toldAt + everyMs);
  }

  /**
   * Tells what is due.
   * @returns when to look again; infinite for never
   */
  look(now: number): number {
    const standing = this.#standing;
    if (!standing?.isDue) return Number.POSITIVE_INFINITY;
    const at = standing.toldAt + everyMs;
    if (now < at) return at;
    this.#tell(standing.clientId, now);
    return Number.POSITIVE_INFINITY;
  }

  /** Nothing is kept of what nobody was there to hear. */
  #tell(clientId: string, now: number): void {
    const audience = figuresAudience(clientId);
    const frame = frameOf(figuresFrame(clientId, now));
    let isHeard = false;
    for (const listener of this.#parts.sockets.listeners.concernedBy(audience.owner_user_id)) {
      if (!listener.wants(audience)) continue;
      isHeard = true;
      // Who has no room for it reads what comes before it, and then figures as they are.
      listener.trySend(frame);
    }
    if (isHeard || this.#standing?.isDue)
      this.#parts.storage.kv.put(key, { clientId, toldAt: now, isDue: false });
  }

  get #standing(): Standing | undefined {
    return this.#parts.storage.kv.get<Standing>(key);
  }
}
