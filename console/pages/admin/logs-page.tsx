import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type components, dataOf } from "#client/index.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { SelectField } from "../../parts/filters.tsx";
import { keyed } from "../../parts/keyed.ts";
import { Pre } from "../../parts/markdown.tsx";
import { More } from "../../parts/more.tsx";
import { Empty, Loading, Page, Problem } from "../../parts/page.tsx";
import { Scroller } from "../../parts/scroller.tsx";
import { exactTime } from "../../parts/time.tsx";
import { api } from "../../session/client.ts";

type Line = components["schemas"]["LogEntry"];

const route = getRouteApi("/in/admin/logs");
export const logLevels = ["debug", "info", "warn", "error"] as const;

/** It is asked again so often while it follows. */
const followMs = 3000;

const logsQuery = (level: Line["level"] | undefined, isFollowing: boolean) =>
  infiniteQueryOptions({
    queryKey: ["admin", "logs", level],
    queryFn: async ({ pageParam: cursor, signal }) => {
      const query = { level, limit: 100, cursor };
      const page = dataOf(await api.GET("/api/v1/admin/system/logs", { params: { query }, signal }));
      // As a text it would be what follows.
      return typeof page === "string" ? { logs: [], next_cursor: null } : page;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (isFollowing && (state.data?.pages.length ?? 0) <= 1 ? followMs : false),
  });

/** Lines of all Workers, newest first. */
export function LogsPage() {
  const { level } = route.useSearch();
  const navigate = useNavigate({ from: "/admin/logs" });
  const [isFollowing, setFollowing] = useState(true);
  const [shown, setShown] = useState<Line>();
  const list = useInfiniteQuery(logsQuery(level, isFollowing));
  const lines = list.data?.pages.flatMap(({ logs }) => logs);
  return (
    <Page
      title="Logs"
      actions={
        <button type="button" aria-pressed={isFollowing} onClick={() => setFollowing(!isFollowing)}>
          {isFollowing ? "Pause" : "Follow"}
        </button>
      }
    >
      <div className="filters">
        <SelectField
          label="At least"
          value={level}
          options={logLevels.map((value) => ({ value, name: value }))}
          onChange={(value) => void navigate({ search: { level: value }, replace: true })}
        />
      </div>
      {list.error && <Problem error={list.error} retry={() => void list.refetch()} />}
      {!lines && !list.error && <Loading what="logs" rows={10} />}
      {lines?.length === 0 && <Empty title="Nothing has been logged at that level" />}
      {lines && lines.length > 0 && (
        <Scroller label="Logs">
          <table className="list small">
            <caption className="sr">Logs</caption>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Level</th>
                <th scope="col">Worker</th>
                <th scope="col">What</th>
                <th scope="col">About</th>
              </tr>
            </thead>
            <tbody>
              {keyed(lines).map(({ key, thing: line }) => (
                <tr key={key}>
                  <td>{exactTime(line.timestamp)}</td>
                  <td>
                    <span className={`level ${line.level}`}>{line.level}</span>
                  </td>
                  <td>{line.service}</td>
                  <td>
                    <button type="button" className="bare row-button" onClick={() => setShown(line)}>
                      {line.message}
                    </button>
                  </td>
                  <td className="cut">
                    <About line={line} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroller>
      )}
      <More list={list} />
      {shown && (
        <Dialog title={shown.message} isWide onClose={() => setShown(undefined)}>
          <Pre text={JSON.stringify(shown, null, 2)} label="Log line" />
          <div className="actions">
            <button type="button" onClick={() => setShown(undefined)}>
              Close
            </button>
          </div>
        </Dialog>
      )}
    </Page>
  );
}

/** The run or the request that a line is of. */
function About({ line: { metadata } }: { line: Line }) {
  const { correlation_id: run, method, path, status } = metadata;
  if (typeof run === "string")
    return (
      <Link to="/runs/$run" params={{ run }}>
        <code>…{run.slice(-8)}</code>
      </Link>
    );
  return (
    <code className="meta">{[method, path, status].filter((part) => part !== undefined).join(" ")}</code>
  );
}
