import { useEffect, useState } from "react";
import type { RunEvent } from "#client/index.ts";
import { Loading, Problem } from "../../parts/page.tsx";
import { Scroller } from "../../parts/scroller.tsx";
import { exactTime } from "../../parts/time.tsx";

/** More events than these are not kept on the page. */
const maxShown = 1000;

const passing: readonly string[] = ["execution.delta", "execution.snapshot", "execution.reset"];

/** The run's own log, by number; it follows while the run goes on. */
export function Events({ id, isRunning }: { id: string; isRunning: boolean }) {
  const [events, setEvents] = useState<readonly RunEvent[]>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const end = new AbortController();
    const follow = async () => {
      const { runs } = await import("../../session/live-client.ts");
      for await (const event of runs.of(id).events({ signal: end.signal }))
        if (!passing.includes(event.event))
          setEvents((before = []) => [...before.slice(1 - maxShown), event]);
      setEvents((before = []) => before);
    };
    setEvents(undefined);
    follow().catch((failure: unknown) => {
      if (!end.signal.aborted) setError(failure);
    });
    return () => end.abort();
  }, [id]);
  if (error) return <Problem error={error} />;
  if (!events) return <Loading what="events" />;
  return (
    <Scroller label="Events">
      <table className="list small">
        <caption className="sr">Events</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Event</th>
            <th scope="col">Step</th>
            <th scope="col">What it says</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event, place) => (
            <tr key={event.id ?? place}>
              <td>{timestampOf(event)}</td>
              <th scope="row">
                <code>{event.event.replace("execution.", "")}</code>
              </th>
              <td>{"step" in event.data ? String(event.data.step) : ""}</td>
              <td className="cut">
                <code className="meta">{saidBy(event)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {isRunning && <p className="meta following">Following…</p>}
    </Scroller>
  );
}

function timestampOf({ data, timestamp }: RunEvent): string {
  const at =
    timestamp ?? ("timestamp" in data && typeof data.timestamp === "string" ? data.timestamp : undefined);
  return at ? exactTime(at) : "";
}

/** What an event says, but for what all events of a run say. */
function saidBy({ data }: RunEvent): string {
  const shared = ["correlation_id", "instance_id", "trace_id", "timestamp", "step", "revision", "task_id"];
  return Object.entries(data)
    .filter(([name]) => !shared.includes(name))
    .map(([name, value]) => `${name}=${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join(" ")
    .slice(0, 300);
}
