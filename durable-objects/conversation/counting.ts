import { type Counted, countEntries, countedSchema, notCounted } from "#src/conversations/index.ts";
import type { ConversationMessage } from "#src/objects/conversation-message.ts";
import type { ConversationLog } from "./conversation-log.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { Origins } from "./origins.ts";

/** Entries of the log that one copy counts. */
const most = 100;

interface Parts {
  state: ConversationState;
  log: ConversationLog;
  origins: Origins;
}

/**
 * What of the conversation's log is still to be counted: read anew from where it was counted to, the same each time, until
 * it is heard that it was.
 */
export class Counting {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What is to be told with the next copy; nothing of what was erased. */
  get next(): ConversationMessage["counts"] {
    if (!this.#parts.state.isThere) return undefined;
    const { counted, events } = this.#read(this.#counted, Number.MAX_SAFE_INTEGER);
    return { up_to: counted.seq, events };
  }

  /** The log was counted up to an entry. @returns whether there was more of it than one copy tells */
  confirm(upTo: number): boolean {
    const before = this.#counted;
    if (!this.#parts.state.isThere || upTo <= before.seq) return false;
    const { counted, read } = this.#read(before, upTo);
    this.#parts.state.keepCounted(JSON.stringify(counted));
    this.#parts.origins.forget(counted.seq);
    return read === most;
  }

  get #counted(): Counted {
    const { counted } = this.#parts.state.row;
    return counted === null ? notCounted : countedSchema.parse(JSON.parse(counted));
  }

  #read(from: Counted, upTo: number) {
    const { state, log, origins } = this.#parts;
    const { id, owner_id: ownerId, owner_kind: ownerKind, instance_id: instanceId } = state.row;
    const entries = log.read(from.seq, most).entries.filter(({ seq }) => seq <= upTo);
    const conversation = { id, ownerId, ownerKind, instanceId };
    return { ...countEntries(conversation, from, entries, origins.behind(from.seq)), read: entries.length };
  }
}
