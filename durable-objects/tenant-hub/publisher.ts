import type { PlatformEvent } from "#src/events/index.ts";
import { onceFramed } from "./frame.ts";
import type { Listener } from "./listener.ts";
import type { Sockets } from "./sockets.ts";
import type { Texts } from "./texts.ts";
import type { ToldLog } from "./told-log.ts";
import type { Workflows } from "./workflows.ts";

interface Parts {
  sockets: Pick<Sockets<Listener>, "listeners" | "with" | "fail">;
  log: Pick<ToldLog, "toldOf">;
  texts: Pick<Texts<Listener>, "passed">;
  workflows: Pick<Workflows, "passed" | "missed">;
  /** Has a listener shown what it has missed, from the log. */
  catchUpLater(listener: Listener): void;
}

/** Brings what has happened to a hub's sockets, and to what follows texts and workflows for them. */
export class Publisher {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  publish(events: readonly PlatformEvent[]): void {
    const { sockets, log, texts, workflows, catchUpLater } = this.#parts;
    for (const event of events) {
      const frame = onceFramed(event);
      for (const listener of sockets.listeners.concernedBy(event.owner_user_id)) {
        // As `with`, without a closure for each socket and event.
        try {
          if (!listener.offer(event, frame)) catchUpLater(listener);
        } catch (error) {
          sockets.fail(listener.socket, error);
        }
      }
      log.toldOf(event.seq);
      texts.passed(event);
      workflows.passed(event);
    }
  }

  /** What comes next does not follow what was told: everybody goes on by the log, which says what it has no more. */
  missed(): void {
    const { sockets, workflows, catchUpLater } = this.#parts;
    for (const { socket } of sockets.listeners.concernedBy(null))
      sockets.with(socket, (listener) => {
        listener.subscribe(listener.subscriptions, true);
        catchUpLater(listener);
      });
    workflows.missed();
  }
}
