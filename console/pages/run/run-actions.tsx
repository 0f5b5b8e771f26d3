import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { stopRun } from "../../data/one-run.ts";
import type { RunView } from "../../data/runs.ts";
import { isOver } from "../../live/rules.ts";
import { download } from "../../parts/download.ts";
import { Icon } from "../../parts/icons.tsx";
import { tell, tellFailure } from "../../parts/messages.tsx";

/** What can be done with a run: stop it, execute it again, take it along. */
export function RunActions({ run, name }: { run: RunView; name: string }) {
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const stop = async () => {
    setBusy(true);
    await stopRun(run).then(() => tell(`Stopped: ${name}`), tellFailure);
    setBusy(false);
    void queries.invalidateQueries({ queryKey: ["run", run.correlation_id] });
  };
  return (
    <>
      {!isOver(run) && (
        <button type="button" onClick={stop} disabled={isBusy}>
          Stop
        </button>
      )}
      {run.instance_id && (
        <Link
          className="button"
          to="/personas/$persona"
          params={{ persona: run.instance_id }}
          search={{ again: run.correlation_id }}
        >
          Run again
        </Link>
      )}
      <button
        type="button"
        aria-label="Download as JSON"
        title="Download as JSON"
        onClick={() => download(`run-${run.correlation_id}.json`, JSON.stringify(run, null, 2))}
      >
        <Icon name="download" />
      </button>
    </>
  );
}
