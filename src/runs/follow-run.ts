import { type EventFeed, terminalExecutionEvents } from "#src/events/index.ts";

/** Events read at a time. */
const page = 200;

/** What a stream of a run's events says next. */
export type RunFrame =
  | { type: "event"; id: string; event: string; data: string }
  /** Events between the two numbers are no longer kept; whoever comes back later resumes before `oldest`. */
  | { type: "gap"; since: number; oldest: number }
  /** Nothing happened; whoever comes back later resumes after this number. */
  | { type: "quiet"; since: number };

interface Follow {
  runId: string;
  /** Number of the last event that is known. */
  since: number;
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
  let since = start;
  for (;;) {
    const query = { since, entityId: runId, limit: page };
    const { events, oldest, latest } = await tenant.waitForEvents(query, isOver ? 0 : quietMs);
    // The log keeps a bounded number of events: who comes back later than that is told.
    if (since > 0 && oldest > since + 1) {
      yield { type: "gap", since, oldest };
      since = oldest - 1;
    }
    if (events.length > 0) await settle?.();
    for (const { seq, event, data, timestamp } of events) {
      yield { type: "event", id: String(seq), event, data: JSON.stringify({ ...data, timestamp }) };
      since = seq;
      if (terminalExecutionEvents.includes(event)) return;
    }
    if (events.length > 0) continue;
    if (isOver) return;
    // What others of the tenant have written meanwhile is no gap.
    since = Math.max(since, latest);
    yield { type: "quiet", since };
  }
}

/** Whether a run that is over has nothing to tell to whoever knows its events up to a number: none, and no gap. */
export async function hasToldAll(
  tenant: Pick<EventFeed, "readEvents">,
  { runId, since, isOver }: Follow,
): Promise<boolean> {
  if (!isOver) return false;
  const { events, oldest } = await tenant.readEvents({ since, entityId: runId, limit: 1 });
  return events.length === 0 && (since === 0 || oldest <= since + 1);
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
