import type { Outcome } from "#src/kernel/outcome.ts";
import type { Persona } from "#src/objects/conversation-persona.ts";
import { type WritingLeave, writingLeaveSchema } from "#src/objects/writing-leave.ts";
import type { Caller } from "#src/realtime/index.ts";

/**
 * So long somebody writes on by what was last said of them and of their persona; milliseconds. With the age that the rules
 * of a tenant may have it is no longer than a change of those may take, and their sockets end by themselves where they may
 * hear the conversation no longer.
 */
const heldMs = 3000;

/** So long is known that each of their messages is to be asked about, which is only slower. */
const askedEachTimeMs = 60_000;

/** A leave to write plain messages, with the persona where the conversation has not kept it yet. */
export interface HeldLeave extends Pick<WritingLeave, "counted"> {
  persona: Persona | undefined;
}

/** What is known of a socket's leave. */
interface Known {
  since: number;
  until: number;
  /** Undefined where each message is to be asked about. */
  leave: HeldLeave | undefined;
}

interface Parts {
  ask(caller: Caller): Promise<Outcome<unknown>>;
  now(): number;
}

/** Who may write on their socket without being asked about again. */
export class Leaves {
  readonly #parts: Parts;
  readonly #known = new WeakMap<WebSocket, Known>();
  readonly #asking = new WeakMap<WebSocket, Promise<HeldLeave | undefined>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A socket's leave, asked for where none is held; undefined where its message is to be asked about itself. */
  async of(socket: WebSocket, caller: Caller): Promise<HeldLeave | undefined> {
    const known = this.#heldBy(socket);
    if (known) return known.leave;
    const asking = this.#asking.get(socket) ?? this.#ask(socket, caller);
    this.#asking.set(socket, asking);
    const leave = await asking;
    // It may have been closed meanwhile, because its person may write no longer.
    return isOpen(socket) ? leave : undefined;
  }

  #heldBy(socket: WebSocket): Known | undefined {
    const known = this.#known.get(socket);
    const now = this.#parts.now();
    return known && now >= known.since && now < known.until && isOpen(socket) ? known : undefined;
  }

  async #ask(socket: WebSocket, caller: Caller): Promise<HeldLeave | undefined> {
    const since = this.#parts.now();
    try {
      const answer = await this.#parts.ask(caller);
      const granted = answer.ok ? writingLeaveSchema.parse(answer.value) : undefined;
      const leave = granted?.persona ? { persona: granted.persona, counted: granted.counted } : undefined;
      // Why they may not, the operation says to whoever sends something; that they type on asks nobody again meanwhile.
      const ms = granted?.persona === null ? askedEachTimeMs : heldMs;
      this.#known.set(socket, { since, until: Math.min(since + ms, caller.expiresAt), leave });
      return leave;
    } finally {
      this.#asking.delete(socket);
    }
  }
}

const isOpen = (socket: WebSocket): boolean => socket.readyState === WebSocket.OPEN;
