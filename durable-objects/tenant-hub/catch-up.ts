import { resumeAt } from "#src/events/index.ts";
import type { EventsApi } from "#src/objects/events-api.ts";
import { connectionFrame } from "#src/realtime/index.ts";
import { onceFramed } from "./frame.ts";
import type { Listener } from "./listener.ts";

const pageSize = 200;

/** Shows a listener what it has missed, from the tenant's log; what is published meanwhile is in the log as well. */
export async function catchUp(listener: Listener, log: Pick<EventsApi, "readEvents">): Promise<void> {
  if (listener.replay) return;
  const replay = { missed: false };
  listener.replay = replay;
  try {
    while (listener.isOpen && listener.isSubscribed) {
      replay.missed = false;
      const page = await log.readEvents({ since: listener.seenSeq, limit: pageSize });
      const { events, latest, epoch } = page;
      const { after, gap } = resumeAt(listener.place, page);
      if (gap) {
        listener.send(connectionFrame({ event: "history.gap", data: gap }, Date.now()));
        listener.startAfter({ epoch, seq: after });
        continue;
      }
      if (!listener.catchUpWith(events.map((event) => ({ event, frame: onceFramed(event) }))))
        await listener.acknowledged();
      else if ((events.at(-1)?.seq ?? latest) >= latest && !replay.missed) break;
    }
    listener.caughtUp();
  } finally {
    listener.replay = undefined;
  }
}
