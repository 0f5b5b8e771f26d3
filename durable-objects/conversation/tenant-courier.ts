import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { newsOf, type Standing } from "#src/conversations/index.ts";
import type { AppendedEvent, EventLog } from "#src/events/index.ts";
import { conversationStatuses } from "#src/kernel/chat-words.ts";
import type { EventOf } from "#src/kernel/event-catalogue.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { MessageStore } from "./message-store.ts";
import type { TurnOutbox } from "./turn-outbox.ts";

const standingSchema = z.object({
  status: z.enum(conversationStatuses),
  holder: z.string(),
  adminId: z.string().nullable(),
  description: z.string(),
  said: z.number().int(),
});

/** What is being told, until it is heard; the same each time it is tried. */
const tellingSchema = z.object({
  events: z.array(
    z.object({
      id: z.string(),
      event: z.string(),
      entityId: z.string(),
      ownerUserId: z.string().nullable(),
      data: z.record(z.string(), z.unknown()),
    }),
  ),
  standing: standingSchema,
});
type Telling = z.infer<typeof tellingSchema>;

interface Parts {
  state: ConversationState;
  messages: MessageStore;
  outbox: TurnOutbox;
  /** Writes what belongs together. */
  write<T>(work: (now: number) => T): T;
  /** The tenant's event log. */
  log(): Pick<EventLog, "appendEvents">;
}

/** Tells the tenant's log what has become of the conversation: of what has come and gone since it was last told, nothing. */
export class TenantCourier {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Tells what there is to tell; a failure is for the outbox. */
  async run(): Promise<void> {
    const { write, log, outbox } = this.#parts;
    const { events, standing } = write(() => this.#begin());
    if (events.length > 0) await log().appendEvents(events);
    write((now) => {
      this.#parts.state.keepTold({ told: JSON.stringify(standing), telling: null });
      outbox.remove("", "tenant");
      if (this.#news().events.length > 0) outbox.tellTenant(now);
    });
  }

  /** What was begun to be told and was not heard yet; else what is new, which is told from now on until it is heard. */
  #begin(): Telling {
    const { state } = this.#parts;
    const { told, telling } = state.row;
    if (telling !== null) return tellingSchema.parse(JSON.parse(telling));
    const news = this.#news();
    if (news.events.length > 0) state.keepTold({ told, telling: JSON.stringify(news) });
    return news;
  }

  #news(): Telling {
    const { state, messages } = this.#parts;
    const row = state.row;
    const standing: Standing = {
      status: row.status,
      holder: row.holder,
      adminId: row.admin_id,
      description: bytesToHex(sha256(utf8ToBytes(JSON.stringify([row.title, row.metadata])))),
      said: messages.lastSaid?.seq ?? 0,
    };
    const before = row.told === null ? null : standingSchema.parse(JSON.parse(row.told));
    const events = state.isThere ? newsOf(before, standing).map((news) => this.#event(news)) : [];
    return { events, standing };
  }

  #event(news: ReturnType<typeof newsOf>[number]): AppendedEvent {
    const { state, messages } = this.#parts;
    const row = state.row;
    const conversation = {
      conversation_id: row.id,
      instance_id: row.instance_id,
      owner_id: row.owner_id,
      owner_kind: row.owner_kind,
      status: row.status,
      holder: row.holder,
      admin_id: row.admin_id,
    };
    const last = messages.lastSaid;
    const said = {
      message_id: last?.id ?? "",
      seq: last?.seq ?? 0,
      role: last?.role ?? "system",
      sender_id: last?.senderId ?? "",
    };
    const told: EventOf<`conversation.${typeof news}`> =
      news === "message"
        ? { event: "conversation.message", data: { ...conversation, ...said } }
        : { event: `conversation.${news}`, data: conversation };
    return {
      id: `conversation:${row.id}:${row.revision}:${news}`,
      ...told,
      entityId: row.id,
      ownerUserId: row.owner_id,
    };
  }
}
