import { z } from "zod";
import { type PlatformEvent, resumeAt, terminalExecutionEvents } from "#src/events/index.ts";
import type { EventsApi } from "#src/objects/events-api.ts";
import { closeCodes, type GraphqlHappening } from "#src/realtime/index.ts";
import { type Frame, frameOf } from "./frame.ts";
import { type GraphqlExecutions, isSessionOver, type Told } from "./graphql-executions.ts";
import type { Following } from "./graphql-following.ts";
import type { GraphqlSocket } from "./graphql-socket.ts";
import type { TextListener } from "./texts.ts";

/** Events read at a time. */
const pageSize = 50;

/** Results that may be on their way to a socket; what else happens it is told from the log. */
const maxWaiting = 200;

const textSchema = z.object({
  event: z.string(),
  entity_id: z.string(),
  data: z.record(z.string(), z.unknown()),
  timestamp: z.string(),
});

interface Parts {
  executions: Pick<GraphqlExecutions, "of">;
  logOf(socket: GraphqlSocket): Pick<EventsApi, "readEvents">;
  /** Does something with a socket, which ends if that fails. */
  with(socket: GraphqlSocket, work: () => Promise<void>): void;
  /** Shows a subscription the texts that are being written. */
  showTexts(listener: TextListener): void;
}

/** Tells subscriptions what happens, each in the order of the log. */
export class GraphqlDelivery {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Something has just happened. */
  offer(socket: GraphqlSocket, event: PlatformEvent): void {
    for (const following of socket.followings()) {
      if (!following.isNew(event)) continue;
      if (following.isBehind) this.goOn(socket, following);
      else if (!following.wants(event)) following.pass(event.seq);
      else if (socket.waiting < maxWaiting) this.#parts.with(socket, this.#telling(socket, following, event));
      else this.goOn(socket, following);
    }
  }

  /** A piece of a text has been written; false when there is no room. */
  offerText(socket: GraphqlSocket, following: Following, frame: Frame): boolean {
    if (socket.waiting >= maxWaiting) return false;
    const text = textSchema.parse(JSON.parse(frame.text));
    this.#parts.with(socket, this.#telling(socket, following, { ...text, seq: null }));
    return true;
  }

  /** Tells a subscription from the log what it has missed, and then what happens. */
  goOn(socket: GraphqlSocket, following: Following): void {
    following.fallBehind();
    if (!following.replay) this.#parts.with(socket, () => this.#catchUp(socket, following));
  }

  async #catchUp(socket: GraphqlSocket, following: Following): Promise<void> {
    const replay = { missed: false };
    following.replay = replay;
    try {
      // What was on its way is told first: it says how far it has come.
      await socket.inTurn(async () => undefined);
      while (isCurrent(socket, following)) {
        replay.missed = false;
        if (await this.#tellPage(socket, following, replay)) break;
      }
      following.caughtUp();
      socket.writeSoon();
    } finally {
      following.replay = undefined;
    }
    if (following.readsTexts && isCurrent(socket, following)) this.#parts.showTexts(following);
  }

  /** @returns whether there is nothing more to be told from the log */
  async #tellPage(
    socket: GraphqlSocket,
    following: Following,
    replay: Readonly<{ missed: boolean }>,
  ): Promise<boolean> {
    const { followed } = following;
    const { entityId, run } = followed.wants;
    const query = { since: followed.seq, ...(entityId !== undefined && { entityId }), limit: pageSize };
    const { events, ...extent } = await this.#parts.logOf(socket).readEvents(query);
    const { latest, epoch } = extent;
    const { gap, after } = resumeAt(followed, extent);
    if (gap) {
      const { since, oldest } = gap;
      const missing = JSON.stringify({ data: null, extensions: { gap: { since, oldest } } });
      await socket.inTurn(() => socket.tell(following.id, frameOf(missing)));
      following.goOnAfter(after, epoch);
      return false;
    }
    await Promise.all(
      events
        .filter((event) => following.wants(event))
        .map((event) => this.#telling(socket, following, event)()),
    );
    if (!isCurrent(socket, following)) return true;
    // What is about others is no gap.
    const last = events.at(-1)?.seq ?? latest;
    following.goOnAfter(last, epoch);
    if (events.length === 0 && run === "over") complete(socket, following);
    return last >= latest && !replay.missed;
  }

  /** The work of telling a subscription of a happening: the result is asked for at once, and told in turn. */
  #telling(
    socket: GraphqlSocket,
    following: Following,
    { seq, event, entity_id, data, timestamp }: GraphqlHappening,
  ): () => Promise<void> {
    following.begin(seq);
    const result = this.#parts.executions.of(following, { seq, event, entity_id, data, timestamp });
    return () =>
      socket.inTurn(async () => {
        const told = await result;
        if (isCurrent(socket, following)) await tell(socket, following, told);
        following.end(seq);
        const isLast = seq !== null && terminalExecutionEvents.includes(event);
        if (isLast && following.followed.wants.run) complete(socket, following);
      });
  }
}

async function tell(socket: GraphqlSocket, following: Following, told: Told): Promise<void> {
  if (told.ok) return socket.tell(following.id, told.payload);
  if (isSessionOver(told)) return socket.close("sessionEnded");
  // It comes again, and goes on where it was.
  socket.end(closeCodes.tooSlow, "This cannot be done at present; come again");
}

function complete(socket: GraphqlSocket, following: Following): void {
  if (!isCurrent(socket, following)) return;
  socket.drop(following.id);
  socket.say({ type: "complete", id: following.id });
}

/** Whether a subscription goes on. */
function isCurrent(socket: GraphqlSocket, following: Following): boolean {
  if (!socket.isOpen) return false;
  for (const one of socket.followings()) if (one === following) return true;
  return false;
}
