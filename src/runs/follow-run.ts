import {
  type EventFeed,
  type Gap,
  type Place,
  placeText,
  resumeAt,
  terminalExecutionEvents,
} from "#src/events/index.ts";

/** Events read at a time. */
const page = 200;

/** What a stream of a run's events says next. */
export type RunFrame =
  | { type: "event"; id: string; event: string; data: string }
  /** Events are missing; whoever comes back later resumes with the id. */
  | { type: "gap"; id: string; gap: Gap }
  /** Nothing happened; whoever comes back later resumes with the id. */
  | { type: "quiet"; id: string };

interface Follow {
  runId: string;
  /** Where the last event that is known stands; left out, all that is kept is told. */
  since?: Place | undefined;
  /** Of a run that is over, nothing new will come: what is kept is told, and that is all. */
  isOver: boolean;
  /** How long to wait for an event, in milliseconds. */
  quietMs: number;
  /** What is waited for before events are told that have been read. */
  settle?(): Promise<void>;
}

/** A run's events from the tenant's log, from a number on, as they happen; ends after the run's last one. */
export async function* followRun(
  tenant: Pick<EventFeed, "waitForEvents">,
  { runId, since: start, isOver, quietMs, settle }: Follow,
): AsyncGenerator<RunFrame> {
  let known = start;
  // Whether what is known is of this log is looked up before anything is waited for.
  let waitMs = start === undefined ? quietMs : 0;
  for (;;) {
    const query = { since: known?.seq ?? 0, entityId: runId, limit: page };
    const { events, ...extent } = await tenant.waitForEvents(query, isOver ? 0 : waitMs);
    waitMs = quietMs;
    const { epoch, latest } = extent;
    // The log keeps a bounded number of events: who comes back later than that is told.
    const { gap, after } = resumeAt(known ?? { seq: extent.oldest }, extent);
    if (gap) {
      known = { epoch, seq: after };
      waitMs = 0;
      yield { type: "gap", id: placeText(known), gap };
      continue;
    }
    if (events.length > 0) await settle?.();
    for (const { seq, event, data, timestamp } of events) {
      known = { epoch, seq };
      yield { type: "event", id: placeText(known), event, data: JSON.stringify({ ...data, timestamp }) };
      if (terminalExecutionEvents.includes(event)) return;
    }
    if (events.length > 0) continue;
    if (isOver) return;
    // What others of the tenant have written meanwhile is no gap.
    known = { epoch, seq: latest };
    yield { type: "quiet", id: placeText(known) };
  }
}

/** Whether a run that is over has nothing to tell to whoever knows its events up to a number: none, and no gap. */
export async function hasToldAll(
  tenant: Pick<EventFeed, "readEvents">,
  { runId, since, isOver }: Follow,
): Promise<boolean> {
  if (!isOver) return false;
  const { events, ...extent } = await tenant.readEvents({
    since: since?.seq ?? 0,
    entityId: runId,
    limit: 1,
  });
  return events.length === 0 && (since === undefined || resumeAt(since, extent).gap === undefined);
}

/** What comes before `end`; what is waited for then is left alone. */
export async function* until<T>(end: Promise<void>, items: AsyncIterator<T>): AsyncGenerator<T> {
  for (;;) {
    const next = items.next();
    // It may fail when nobody waits for it any more.
    next.catch(() => undefined);
    const result = await Promise.race([end, next]);
    if (!result || result.done) return;
    yield result.value;
  }
}
