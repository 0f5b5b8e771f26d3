import type { DisabledReason } from "#src/kernel/webhook-words.ts";
import type { EndpointState } from "./state.ts";

/** How soon it is told again: 30 s, a minute and so on, at most an hour. */
const againMs = { first: 30_000, most: 3_600_000 };

interface Parts {
  state: Pick<EndpointState, "notice" | "keepNotice">;
  send(notice: { version: number; reason: DisabledReason; at: number }): Promise<unknown>;
}

/** Tells the platform that the endpoint has switched itself off, until the platform says that it knows. */
export class DisabledNotice {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** When it is to be told; null when there is nothing to tell. */
  get nextAt(): number | null {
    return this.#parts.state.notice?.nextAt ?? null;
  }

  async tell(now: number): Promise<void> {
    const { state, send } = this.#parts;
    const { notice } = state;
    if (!notice || notice.nextAt > now) return;
    const { version, reason, at, told } = notice;
    // Noted first: a queue that refuses it is asked again later.
    state.keepNotice({
      ...notice,
      told: told + 1,
      nextAt: now + Math.min(againMs.first * 2 ** told, againMs.most),
    });
    await send({ version, reason, at });
  }

  confirm(version: number): void {
    const { state } = this.#parts;
    if (state.notice?.version === version) state.keepNotice(undefined);
  }
}
