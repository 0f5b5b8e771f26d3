import type { EventFeed } from "./event-log.ts";
import type { PlatformEvent } from "./platform-event.ts";
import { type Gap, type Place, placeText, resumeAt } from "./resume.ts";

/** Events read at a time. */
const page = 200;

/** What somebody who follows the log is told next. */
export type LogFrame =
  | { type: "event"; id: string; event: PlatformEvent }
  /** Events are missing; whoever comes back later resumes with the id. */
  | { type: "gap"; id: string; gap: Gap }
  /** Nothing happened; whoever comes back later resumes with the id. */
  | { type: "quiet"; id: string };

interface Follow {
  /** Where the last event that is known stands; left out, what happens from now on is told. */
  since?: Place | undefined;
  /** What they are about; anything when left out. */
  entityId?: string | undefined;
  /** How long to wait for an event, in milliseconds. */
  quietMs: number;
  /** Whether an event is told. */
  isWanted(event: PlatformEvent): boolean;
}

/** The tenant's log from a place on, as it grows, without a gap that is not told of and without a repeat. */
export async function* followLog(
  log: EventFeed,
  { since, entityId, quietMs, isWanted }: Follow,
): AsyncGenerator<LogFrame> {
  let known = since ?? (await endOf(log));
  // Whether what is known is of this log is looked up before anything is waited for.
  let waitMs = 0;
  for (;;) {
    const { events, ...extent } = await log.waitForEvents(
      { since: known.seq, entityId, limit: page },
      waitMs,
    );
    waitMs = quietMs;
    const { epoch, latest } = extent;
    const { gap, after } = resumeAt(known, extent);
    if (gap) {
      known = { epoch, seq: after };
      waitMs = 0;
      yield { type: "gap", id: placeText(known), gap };
      continue;
    }
    for (const event of events) {
      known = { epoch, seq: event.seq };
      if (isWanted(event)) yield { type: "event", id: placeText(known), event };
    }
    if (events.length > 0) continue;
    // What is about others is no gap.
    if (entityId !== undefined) known = { epoch, seq: latest };
    yield { type: "quiet", id: placeText(known) };
  }
}

async function endOf(log: EventFeed): Promise<Place> {
  // Nothing comes after the last that there can be: only where the log ends is asked.
  const { epoch, latest } = await log.readEvents({ since: Number.MAX_SAFE_INTEGER, limit: 1 });
  return { epoch, seq: latest };
}
