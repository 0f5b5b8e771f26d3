import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { stopRun } from "../../data/one-run.ts";
import type { RunView } from "../../data/runs.ts";
import { isOver } from "../../live/rules.ts";
import { download } from "../../parts/download.ts";
import { tell, tellFailure } from "../../parts/messages.tsx";
import { MoreMenu } from "../../parts/more-menu.tsx";
import { asCurl, asTypeScript } from "./as-program.ts";
import { CompareDialog } from "./compare-dialog.tsx";

const copy = (what: string, text: string): void =>
  void navigator.clipboard.writeText(text).then(() => tell(`Copied the ${what}`), tellFailure);

/** What can be done with a run: stop it, execute it again, lay it beside another, take it along. */
export function RunActions({ run, name }: { run: RunView; name: string }) {
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [isComparing, setComparing] = useState(false);
  const stop = async () => {
    setBusy(true);
    await stopRun(run).then(() => tell(`Stopped: ${name}`), tellFailure);
    setBusy(false);
    void queries.invalidateQueries({ queryKey: ["run", run.correlation_id] });
  };
  const always = [
    {
      name: "Download as JSON",
      act: () => download(`run-${run.correlation_id}.json`, JSON.stringify(run, null, 2)),
    },
  ];
  const ofPersonas = [
    { name: "Compare with another run", act: () => setComparing(true) },
    { name: "Copy as curl", act: () => copy("curl command", asCurl(run, location.origin)) },
    { name: "Copy as TypeScript", act: () => copy("module", asTypeScript(run, location.origin)) },
  ];
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
      <MoreMenu label="More" items={run.instance_id ? [...ofPersonas, ...always] : always} />
      {isComparing && <CompareDialog run={run} onClose={() => setComparing(false)} />}
    </>
  );
}
