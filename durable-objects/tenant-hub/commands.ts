import type { EventsApi } from "#src/objects/events-api.ts";
import {
  type Command,
  closeCodes,
  errorFrame,
  maxFrameBytes,
  maxSubscriptions,
  maySee,
  notStartedFrame,
  type Reading,
  readCommand,
  responseFrame,
  unknownAmong,
} from "#src/realtime/index.ts";
import { Flood } from "../flood.ts";
import type { Listener } from "./listener.ts";
import { isRoomCommand, type RoomCommands } from "./room-commands.ts";
import type { Texts } from "./texts.ts";
import type { ToldLog } from "./told-log.ts";
import { Turns } from "./turns.ts";
import type { Workflows } from "./workflows.ts";

/** What commands cost that cost the tenant more than their caller; others cost 1. */
const costs: Partial<Record<Command["event"], number>> = { history: 20, room_message: 2, tenant_message: 2 };

/** A text has at least as many bytes as units: of one that is far too long no copy is made, since all share the memory. */
const isTooLong = (message: string | ArrayBuffer): boolean =>
  typeof message === "string"
    ? message.length > maxFrameBytes || new TextEncoder().encode(message).byteLength > maxFrameBytes
    : message.byteLength > maxFrameBytes;

type CommandOf<Event extends Command["event"]> = Extract<Command, { event: Event }>;

/** What commands reach besides the listener that they come from. */
interface Parts {
  logOf(listener: Listener): Pick<EventsApi, "readEvents">;
  catchUp(listener: Listener): Promise<void>;
  log: Pick<ToldLog, "hasMissed" | "shownThrough">;
  texts: Pick<Texts<Listener>, "arrived" | "sync">;
  rooms: Pick<RoomCommands, "obey">;
  workflows: Pick<Workflows, "start" | "countOf">;
}

/** Carries out what clients say (docs/realtime.md#commands). */
export class Commands {
  readonly #parts: Parts;
  readonly #flood = new Flood(costs);
  readonly #histories = new Turns();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async hear(listener: Listener, message: string | ArrayBuffer): Promise<void> {
    const now = Date.now();
    if (isTooLong(message)) {
      listener.send(errorFrame("Message too large", `At most ${maxFrameBytes} bytes`, now));
      return listener.end(closeCodes.tooBig, "Message too large");
    }
    const reading = readCommand(message);
    const command = reading.ok && reading.value.type === "command" ? reading.value : undefined;
    // An answer to our own question costs nothing.
    if (command?.event === "pong" && listener.acknowledge(command.id))
      return this.#parts.texts.arrived(listener);
    if (!listener.isStream && !this.#flood.admits(listener, command?.event, now)) {
      listener.send(errorFrame("Too many messages", "Slow down", now));
      return listener.end(closeCodes.policy, "Too many messages");
    }
    if (!reading.ok) return listener.send(this.#refusal(reading, now));
    if (reading.value.type === "command") return this.#obey(listener, reading.value, now);
    if (!listener.isStream) return this.#parts.workflows.start(listener, reading.value);
  }

  #refusal(reading: Exclude<Reading, { ok: true }>, now: number): string {
    if ("workflow" in reading) return notStartedFrame(reading.workflow, reading.why, now);
    return errorFrame("Invalid command", reading.details, now, reading);
  }

  async #obey(listener: Listener, command: Command, now: number): Promise<void> {
    if (isRoomCommand(command)) return this.#parts.rooms.obey(listener, command, now);
    switch (command.event) {
      case "ping":
        return listener.send(responseFrame({ event: "pong", data: {} }, now, command.id));
      // Late, or to a question that nobody has asked.
      case "pong":
        return;
      case "subscribe":
        return this.#subscribe(listener, command, now);
      case "unsubscribe": {
        const { events, entity_id = null } = command.data;
        listener.subscribe(listener.subscriptions.without(events, entity_id));
        return listener.send(subscribedFrame(listener, command, now));
      }
      case "sync":
        return this.#sync(listener, command, now);
      case "history":
        // A user reads one page at a time; a socket that takes long to be sent it delays no other.
        return this.#histories.take(listener, async () => {
          if (!listener.isOpen) return;
          const page = await this.#histories.take(listener.caller.userId, () =>
            this.#history(listener, command, now),
          );
          await listener.sendInTurn(page);
        });
    }
  }

  async #subscribe(listener: Listener, command: CommandOf<"subscribe">, now: number): Promise<void> {
    const { events, entity_id = null, watched } = command.data;
    const subscriptions = watched.reduce(
      (all, one) => all.with(one.events, one.entity_id),
      listener.subscriptions.with(events, entity_id),
    );
    if (subscriptions.all.length + this.#parts.workflows.countOf(listener) > maxSubscriptions) {
      const limit = `At most ${maxSubscriptions}`;
      return listener.send(
        errorFrame("Too many subscriptions", limit, now, { command: "subscribe", id: command.id }),
      );
    }
    // Who has subscriptions already has been shown everything that went before.
    listener.subscribe(
      subscriptions,
      listener.isSubscribed ? listener.isBehind : this.#parts.log.hasMissed(listener),
    );
    const unknown = unknownAmong([...events, ...watched.flatMap((one) => one.events)]);
    listener.send(subscribedFrame(listener, command, now, unknown));
    await this.#catchUp(listener);
  }

  /** Shows what is being written anew, and says then up to where all has been shown. */
  async #sync(listener: Listener, { data, id }: CommandOf<"sync">, now: number): Promise<void> {
    const { texts, log } = this.#parts;
    await this.#catchUp(listener);
    texts.sync(listener, data.run);
    listener.send(responseFrame({ event: "sync", data: { seq: log.shownThrough(listener) } }, now, id));
  }

  async #catchUp(listener: Listener): Promise<void> {
    if (listener.isBehind) await this.#parts.catchUp(listener);
    else this.#parts.texts.arrived(listener);
  }

  /** A page of the log: what the caller may see of it, and the number after which the next page begins. */
  async #history(
    listener: Listener,
    { id, data: { since, limit } }: CommandOf<"history">,
    now: number,
  ): Promise<string> {
    const { events, oldest, latest } = await this.#parts.logOf(listener).readEvents({ since, limit });
    const visible = events.filter((event) => maySee(listener.caller, event));
    const data = { events: visible, oldest, latest, next: events.at(-1)?.seq ?? since };
    return responseFrame({ event: "history", data }, now, id);
  }
}

/** The answer to a change of subscriptions: all that there are now. */
const subscribedFrame = (
  { subscriptions }: Listener,
  { event, id }: CommandOf<"subscribe" | "unsubscribe">,
  now: number,
  unknown: readonly string[] = [],
): string => {
  const all = { events: subscriptions.of(null), watched: subscriptions.watched };
  const data = unknown.length > 0 ? { ...all, unknown: [...unknown] } : all;
  return responseFrame({ event, data }, now, id);
};
