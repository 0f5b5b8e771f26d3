import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { logLinesQuery } from "../../data/memories.ts";
import { keyed } from "../../parts/keyed.ts";
import { More } from "../../parts/more.tsx";
import { Empty, Loading, Problem } from "../../parts/page.tsx";
import { Scroller } from "../../parts/scroller.tsx";
import { duration, exactTime } from "../../parts/time.tsx";

/** What a persona's runs have done, line by line. */
export function LogTab({ persona }: { persona: string }) {
  const list = useInfiniteQuery(logLinesQuery(persona));
  const lines = list.data?.pages.flatMap(({ logs }) => logs);
  if (list.error) return <Problem error={list.error} retry={() => void list.refetch()} />;
  if (!lines) return <Loading what="its log" />;
  if (lines.length === 0)
    return (
      <Empty title="Nothing has been logged">
        <p>What its runs do is written down here.</p>
      </Empty>
    );
  return (
    <>
      <Scroller label="Log">
        <table className="list small">
          <caption className="sr">Log</caption>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Level</th>
              <th scope="col">What happened</th>
              <th scope="col">Step</th>
              <th scope="col" className="num">
                Took
              </th>
              <th scope="col">Run</th>
            </tr>
          </thead>
          <tbody>
            {keyed(lines).map(({ key, thing: line }) => (
              <tr key={key}>
                <td>{exactTime(line.timestamp)}</td>
                <td>
                  <span className={`level ${line.level}`}>{line.level}</span>
                </td>
                <td className="wrap">
                  {line.message} {line.error_code && <code>{line.error_code}</code>}
                </td>
                <td>{line.step ?? ""}</td>
                <td className="num">{line.duration_ms === null ? "" : duration(line.duration_ms)}</td>
                <td>
                  <Link to="/runs/$run" params={{ run: line.correlation_id }}>
                    <code>{line.correlation_id.slice(-6)}</code>
                  </Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      <More list={list} />
    </>
  );
}
