import { isFinished, type RunState } from "#src/engine/run-state.ts";
import type { PlatformEvent } from "#src/events/platform-event.ts";
import { brokenByRevisions, brokenByToldTasks } from "./attempt-rules.ts";

/** Receives the events of a tenant in any number of pieces, again and again, and keeps each once. */
export class History {
  readonly events: PlatformEvent[] = [];
  readonly #violation: (problem: string) => void;

  constructor(violation: (problem: string) => void) {
    this.#violation = violation;
  }

  take(events: readonly PlatformEvent[]): void {
    for (const event of events) {
      const known = this.events[event.seq - 1];
      if (known && JSON.stringify(known) !== JSON.stringify(event))
        this.#violation(`event ${event.seq} has changed`);
      if (!known && event.seq !== this.events.length + 1)
        this.#violation(`event ${event.seq} came after ${this.events.length}`);
      if (!known) this.events.push(event);
    }
  }
}

const ends = new Map([
  ["execution.completed", "completed"],
  ["execution.failed", "failed"],
  ["execution.cancelled", "cancelled"],
]);

/** What was told of a run itself, and not of its children. */
const eventsOf = (events: readonly PlatformEvent[], { header }: RunState): PlatformEvent[] => {
  const child = header.parent ? header.id : undefined;
  return events.filter(
    ({ entity_id, data }) => entity_id === (header.parent?.rootId ?? header.id) && data.child_id === child,
  );
};

/** What somebody who only saw the events would take a run for. */
function told(own: readonly PlatformEvent[]) {
  const steps: Record<string, unknown> = {};
  let status = "pending";
  let outcome: Record<string, unknown> = {};
  let omitted: unknown[] = [];
  const afterEnd: string[] = [];
  for (const { event, data } of own) {
    if (ends.has(status) || [...ends.values()].includes(status)) afterEnd.push(event);
    if (event === "execution.started") status = "running";
    if (event === "execution.paused") steps[String(data.step)] = "paused";
    if (event === "execution.progress") steps[String(data.step)] = data.status;
    const end = ends.get(event);
    if (end === undefined) continue;
    status = end;
    outcome = { result: data.result, error: data.error, fuel: data.fuel };
    if (Array.isArray(data.omitted)) omitted = data.omitted;
  }
  return { steps, status, outcome, omitted, afterEnd };
}

/** Where the events of a run do not explain its state. */
export function* unexplained(events: readonly PlatformEvent[], run: RunState): Generator<string> {
  const { id, parent } = run.header;
  const own = eventsOf(events, run);
  yield* brokenByToldTasks(own, run);
  yield* brokenByRevisions(own, run);
  const { steps, status, outcome, omitted, afterEnd } = told(own);
  for (const { name, status: actual } of Object.values(run.steps)) {
    if (steps[name] !== actual) yield `events of ${id} say that ${name} is ${steps[name]}; it is ${actual}`;
  }
  for (const name of Object.keys(steps))
    if (!run.steps[name]) yield `events of ${id} tell of ${name}, which has not begun`;
  if (parent !== null) return;
  if (afterEnd.length > 0) yield `after its end ${id} told ${afterEnd.join(", ")}`;
  if (isFinished(run) && status !== run.status) yield `events of ${id} say ${status}; it is ${run.status}`;
  for (const [part, actual] of Object.entries({ result: run.result, error: run.error, fuel: run.fuel })) {
    // What is too large for an event is named in it, and read from the run.
    if (!isFinished(run) || omitted.includes(part)) continue;
    const said = outcome[part];
    if (JSON.stringify(said) !== JSON.stringify(actual))
      yield `events of ${id} tell another ${part}: ${JSON.stringify(said)}, not ${JSON.stringify(actual)}`;
  }
}
