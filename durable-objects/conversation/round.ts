import { type Listener, olderPackets, told } from "#src/conversations/index.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { LogEntry, TurnView } from "#src/objects/conversation-api.ts";
import type { KeptText } from "#src/realtime/index.ts";
import type { AnswerTexts } from "./answer-texts.ts";
import type { ConversationLog } from "./conversation-log.ts";
import type { MessageStore } from "./message-store.ts";
import type { TurnRows } from "./turn-rows.ts";

/** Entries that are read at a time. */
const page = 200;

/** Entries that say that an answer is there, as far as it goes. */
const written: readonly string[] = ["message.completed", "message.stopped"];

const encoder = new TextEncoder();

/** What goes out to a socket at once, and how long that is as UTF-8. */
export interface Packets {
  packets: readonly string[];
  bytes: number;
}

/** An event as it is told. */
interface Told {
  event: string;
  data: Record<string, unknown>;
  seq?: number;
}

/** How a socket is spoken to. */
type Ear = Pick<Listener, "dialect" | "joined">;

/** The conversation that is told of. */
interface Spoken {
  id: string;
  log: Pick<ConversationLog, "read" | "latest">;
  messages: Pick<MessageStore, "get">;
  turns: Pick<TurnRows, "running">;
  texts: Pick<AnswerTexts, "keptOf">;
}

/**
 * A round of telling: what all who are told have in common is read once, and put into frames once, however many they are.
 * Nothing is written meanwhile.
 */
export class Round {
  readonly now: number;
  readonly #of: Spoken;
  readonly #pages = new Map<number, { entries: LogEntry[]; isGap: boolean; isMore: boolean }>();
  readonly #packets = new Map<string, Packets>();
  #latest: number | undefined;
  #answer: { turn: TurnView; kept: KeptText } | null | undefined;

  constructor(of: Spoken, now: number) {
    this.#of = of;
    this.now = now;
  }

  /** The number of the log's last entry. */
  get latest(): number {
    this.#latest ??= this.#of.log.latest;
    return this.#latest;
  }

  /** The answer that is being written, as far as it is there. */
  get answer(): { turn: TurnView; kept: KeptText } | undefined {
    if (this.#answer === undefined) {
      const turn = this.#of.turns.running;
      const kept = turn && this.#of.texts.keptOf(turn.id);
      this.#answer = kept ? { turn, kept } : null;
    }
    return this.#answer ?? undefined;
  }

  /** A page of the log behind a number. */
  read(since: number): { entries: LogEntry[]; isGap: boolean; isMore: boolean } {
    const known = this.#pages.get(since);
    if (known) return known;
    const read = this.#of.log.read(since, page);
    const found = { ...read, isMore: read.entries.length === page };
    this.#pages.set(since, found);
    return found;
  }

  /** An entry as somebody is told it. */
  entry(entry: LogEntry, listener: Ear & Pick<Listener, "personId">): Packets {
    const isOwn = isSentBy(entry.data, listener.personId);
    return this.#once(`${entry.seq} ${isOwn}`, listener, () => {
      const { seq, event, data, at } = this.#inWhole(entry, listener.dialect);
      return this.packets({ event, data: isOwn ? data : withoutWord(data), seq }, listener, at);
    });
  }

  /** What no log keeps, and all are told alike. */
  passing(told: Told, ear: Ear): Packets {
    return this.#once(told.event, ear, () => this.packets(told, ear));
  }

  /** An event for one. */
  packets(told: Told, ear: Ear, at = this.now): Packets {
    return this.spoken(JSON.stringify({ type: "event", ...told, timestamp: isoTime(at) }), ear);
  }

  /** A frame as the client speaks. */
  spoken(frame: string, { dialect, joined }: Ear): Packets {
    return packetsOf(dialect === "own" ? [frame] : olderPackets(frame, this.#of.id, joined));
  }

  #once(what: string, { dialect, joined }: Ear, make: () => Packets): Packets {
    const key = `${what} ${dialect} ${joined}`;
    const known = this.#packets.get(key) ?? make();
    this.#packets.set(key, known);
    return known;
  }

  /** Who hears nothing of an answer while it is written hears of it once it is there. */
  #inWhole(entry: LogEntry, dialect: Listener["dialect"]): LogEntry {
    const { message_id: id } = entry.data;
    if (dialect === "own" || typeof id !== "string" || !written.includes(entry.event)) return entry;
    const message = told(this.#of.messages.get(id));
    return { ...entry, event: "message.created", data: { message } };
  }
}

export const packetsOf = (packets: readonly string[]): Packets => ({
  packets,
  bytes: packets.reduce((sum, packet) => sum + encoder.encode(packet).length, 0),
});

const withoutWord = ({ client_message_id: _, ...data }: Record<string, unknown>): Record<string, unknown> =>
  data;

/** Whether what is told is of a message that somebody has sent under a word of their own. */
function isSentBy({ client_message_id: word, message }: Record<string, unknown>, personId: string): boolean {
  if (word === undefined || typeof message !== "object" || message === null) return false;
  return "sender_id" in message && message.sender_id === personId;
}

/** What an entry says to somebody: the sender's own word for a message is for nobody else. */
export const dataFor = (data: Record<string, unknown>, personId: string): Record<string, unknown> =>
  isSentBy(data, personId) ? data : withoutWord(data);
