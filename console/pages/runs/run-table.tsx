import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RunRow } from "../../data/runs.ts";
import { isOver } from "../../live/rules.ts";
import { moveAmongRows } from "../../parts/list-keys.ts";
import { Scroller } from "../../parts/scroller.tsx";
import { SelectBox, SelectHeading, selectByKey } from "../../parts/select-box.tsx";
import type { Selection } from "../../parts/selection.ts";
import { Status } from "../../parts/status.tsx";
import { Ago, count, duration, useNow } from "../../parts/time.tsx";

interface RunTableProps {
  rows: readonly RunRow[];
  /** Whether all are of one persona, which then need not be named. */
  isOfOne?: boolean;
  /** Those that are selected, where any can be; `x` selects as the box does. */
  selection?: Selection;
}

/** Runs as a table, which `j` and `k` walk. */
export function RunTable({ rows, isOfOne = false, selection }: RunTableProps) {
  const now = useNow(
    1000,
    rows.some((row) => row.status === "running"),
  );
  return (
    <Scroller label="Runs">
      <table
        className="list"
        onKeyDown={(event) => {
          moveAmongRows(event);
          if (selection) selectByKey(event, selection);
        }}
      >
        <caption className="sr">Runs</caption>
        <thead>
          <tr>
            {selection && <SelectHeading />}
            <th scope="col">{isOfOne ? "Run" : "Persona"}</th>
            <th scope="col">Status</th>
            <th scope="col">Step</th>
            <th scope="col" className="num">
              Fuel
            </th>
            <th scope="col" className="num">
              Tokens
            </th>
            <th scope="col" className="num">
              Time
            </th>
            <th scope="col" className="num">
              Started
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.correlation_id}>
              {selection && (
                <SelectBox
                  id={row.correlation_id}
                  name={row.correlation_id.slice(-6)}
                  selection={selection}
                />
              )}
              <th scope="row">
                <Link
                  to="/runs/$run"
                  params={{ run: row.correlation_id }}
                  className="row-link"
                  data-row={row.correlation_id}
                >
                  {!isOfOne && (row.instance_name ?? "A persona that is gone")}
                  <code className="row-id">{row.correlation_id.slice(-6)}</code>
                </Link>
              </th>
              <td>
                <Status status={row.status} />
              </td>
              <td className="cut">
                {row.error && row.status === "failed" ? <code>{row.error.code}</code> : stepOf(row)}
              </td>
              <td className="num">{count(row.fuel.spent)}</td>
              <td className="num">{count(row.tokens.input + row.tokens.output)}</td>
              <td className="num">{timeOf(row, now)}</td>
              <td className="num">
                <Ago at={row.created_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

function stepOf({ waiting, ...row }: RunRow): ReactNode {
  if (isOver(row)) return "–";
  if (!waiting?.expires_at) return waiting?.step ?? row.current_step ?? "–";
  return (
    <>
      {waiting.step} · ends <Ago at={waiting.expires_at} />
    </>
  );
}

function timeOf(row: RunRow, now: number): string {
  if (row.duration_ms !== null) return duration(row.duration_ms);
  return row.status === "running" ? duration(Math.max(0, now - Date.parse(row.created_at))) : "–";
}
