import { errorFields, type Logger } from "#src/observability/logger.ts";
import { type Caller, closeCodes } from "#src/realtime/index.ts";

/** An open socket, as far as it is reported. */
interface Reported {
  readonly caller: Caller;
  readonly isStream: boolean;
}

/** What a hub says in the log: whose sockets come and go, and what has failed. Never what is said on them. */
export class Reports {
  readonly #logger: Logger;
  readonly #ended = new WeakSet<Reported>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  readonly failed = (message: string, error: unknown): void =>
    this.#logger.error(message, errorFields(error));

  /** The hub was evicted, or has hibernated, and has its sockets again. */
  restored(sockets: number): void {
    if (sockets > 0) this.#logger.info("hub restored", { sockets });
  }

  opened(listener: Reported, sockets: number): void {
    this.#logger.info("socket opened", { ...whoseOf(listener), sockets });
  }

  /**
   * A socket has ended, or is about to; said once of each. Its other side's reason is anybody's words, and not said.
   * @param code ours, or the other side's
   */
  ended(listener: Reported, code: number): void {
    if (this.#ended.has(listener)) return;
    this.#ended.add(listener);
    if (code === closeCodes.tooSlow) this.#logger.warn("slow socket closed", { ...whoseOf(listener), code });
    else this.#logger.info("socket closed", { ...whoseOf(listener), code });
  }
}

const whoseOf = ({ caller: { clientId, userId }, isStream }: Reported) => ({
  client_id: clientId,
  user_id: userId,
  is_stream: isStream,
});
