import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { dataOf } from "#client/index.ts";
import { systemConfigQuery, systemStatusQuery } from "../../data/admin.ts";
import { useAction } from "../../parts/action.ts";
import { DataTable } from "../../parts/data-table.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { JsonField } from "../../parts/json-field.tsx";
import { Loading, Page, Problem } from "../../parts/page.tsx";
import { Ago, count, duration } from "../../parts/time.tsx";
import { api } from "../../session/client.ts";
import "../../styles/fields.css";

const toneOf = (word: string): string =>
  ["healthy", "closed", "completed"].includes(word)
    ? "good"
    : ["degraded", "half_open"].includes(word)
      ? "warn"
      : "error";

const Word = ({ children }: { children: string }) => (
  <span className={`level ${toneOf(children)}`}>{children.replaceAll("_", " ")}</span>
);

/** How everything is: services, breakers, jobs; maintenance and configuration. */
export function SystemPage() {
  const { data: status, error, refetch } = useQuery(systemStatusQuery);
  return (
    <Page title="System" beside={status && <Word>{status.status}</Word>}>
      {error && <Problem error={error} retry={() => void refetch()} />}
      {!status && !error && <Loading what="the system" />}
      {status && (
        <>
          <Maintenance key={String(status.maintenance.enabled)} maintenance={status.maintenance} />
          <Part title="Services">
            <DataTable
              caption="Services and databases"
              rows={[...Object.values(status.services), ...Object.values(status.databases)]}
              keyOf={({ name }) => name}
              columns={[
                { name: "Name", cell: ({ name }) => name },
                { name: "Status", cell: ({ status: word }) => <Word>{word}</Word> },
                {
                  name: "Latency",
                  isNumber: true,
                  cell: (row) => ("latency_ms" in row ? duration(row.latency_ms) : "–"),
                },
                { name: "Size", isNumber: true, cell: (row) => ("size" in row ? (row.size ?? "–") : "–") },
              ]}
            />
          </Part>
          <Part title="Breakers">
            <DataTable
              caption="Breakers of providers"
              rows={Object.values(status.breakers)}
              keyOf={({ adapter }) => adapter}
              columns={[
                { name: "Provider", cell: ({ adapter }) => adapter },
                { name: "Breaker", cell: ({ circuit_breaker }) => <Word>{circuit_breaker}</Word> },
                { name: "Calls", isNumber: true, cell: (row) => count(row.circuit_counts.requests) },
                { name: "Failed", isNumber: true, cell: (row) => count(row.circuit_counts.total_failures) },
                { name: "Opened", isNumber: true, cell: ({ trips }) => count(trips) },
                { name: "Tries again", cell: ({ retry_at }) => (retry_at ? <Ago at={retry_at} /> : "–") },
              ]}
            />
          </Part>
          <Part title="Jobs">
            <DataTable
              caption="Jobs"
              rows={status.jobs}
              keyOf={({ job }) => job}
              columns={[
                { name: "Job", cell: ({ job }) => job.replaceAll("-", " ") },
                {
                  name: "Outcome",
                  cell: (job) =>
                    job.is_running ? (
                      <span className="level">at work</span>
                    ) : job.outcome ? (
                      <Word>{job.outcome}</Word>
                    ) : (
                      "–"
                    ),
                },
                {
                  name: "Took",
                  isNumber: true,
                  cell: (job) => (job.duration_ms === null ? "–" : duration(job.duration_ms)),
                },
                { name: "Runs", isNumber: true, cell: ({ runs }) => count(runs) },
                { name: "Failures", isNumber: true, cell: ({ failures }) => count(failures) },
                { name: "Last", isNumber: true, cell: ({ started_at }) => <Ago at={started_at} /> },
              ]}
            />
          </Part>
          <Configuration />
        </>
      )}
    </Page>
  );
}

/** A heading with its table, which is a landmark of that name already. */
const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <div className="stack">
    <h2>{title}</h2>
    {children}
  </div>
);

function Maintenance({ maintenance }: { maintenance: { enabled: boolean; message: string } }) {
  const [message, setMessage] = useState(maintenance.message);
  const [set, isBusy] = useAction(
    async (enabled: boolean) =>
      dataOf(await api.POST("/api/v1/admin/system/maintenance", { body: { enabled, message } })),
    {
      done: maintenance.enabled ? "Everybody may write again" : "Writing waits for all but administrators",
      stale: [["admin", "system"]],
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void set(!maintenance.enabled);
  };
  return (
    <form className="panel form wide" aria-labelledby="maintenance-title" onSubmit={submit}>
      <div className="panel-head">
        <h2 id="maintenance-title">Maintenance</h2>
        <span className={`level ${maintenance.enabled ? "warn" : ""}`}>
          {maintenance.enabled ? "on" : "off"}
        </span>
      </div>
      <label className="field">
        What people are told
        <input
          required
          maxLength={500}
          value={message}
          onChange={(event) => setMessage(event.target.value)}
        />
      </label>
      <div className="actions">
        <button type="submit" className={maintenance.enabled ? "primary" : "danger"} disabled={isBusy}>
          {maintenance.enabled ? "End it" : "Begin maintenance"}
        </button>
      </div>
    </form>
  );
}

function Configuration() {
  const { data, error } = useQuery(systemConfigQuery);
  const [changed, setChanged] = useState<string>();
  if (error) return <Problem error={error} />;
  if (!data) return <Loading what="the configuration" />;
  const values = new Map<string, unknown>(Object.entries(data.config));
  return (
    <Part title="Configuration">
      <DataTable
        caption="Configuration"
        rows={data.keys}
        keyOf={({ key }) => key}
        columns={[
          {
            name: "Key",
            cell: ({ key }) => (
              <button type="button" className="bare row-button" data-row onClick={() => setChanged(key)}>
                <code>{key}</code>
              </button>
            ),
          },
          { name: "Value", text: "cut", cell: ({ key }) => <code>{JSON.stringify(values.get(key))}</code> },
          { name: "What it does", text: "wrap", cell: ({ meaning }) => meaning },
          { name: "Changed", cell: (row) => (row.updated_at ? <Ago at={row.updated_at} /> : "as delivered") },
        ]}
      />
      {changed !== undefined && (
        <KeyDialog
          name={changed}
          value={values.get(changed)}
          meaning={data.keys.find(({ key }) => key === changed)?.meaning ?? ""}
          version={data.version}
          onClose={() => setChanged(undefined)}
        />
      )}
    </Part>
  );
}

interface KeyDialogProps {
  name: string;
  value: unknown;
  meaning: string;
  /** Of the whole configuration, as it was read. */
  version: number;
  onClose: () => void;
}

/** Changes one key of the configuration, for all Workers within seconds. */
function KeyDialog({ name, value, meaning, version, onClose }: KeyDialogProps) {
  const [config, setConfig] = useState<Record<string, unknown> | undefined>({ [name]: value });
  const [save, isBusy] = useAction(
    async () =>
      dataOf(await api.PUT("/api/v1/admin/system/config", { body: { config: config ?? {}, version } })),
    { done: `Changed: ${name}`, stale: [["admin", "system"]] },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save().then((isDone) => isDone && onClose());
  };
  return (
    <Dialog title={name} onClose={onClose} isWide>
      <form className="form" onSubmit={submit}>
        <p className="meta">{meaning}</p>
        <JsonField label="Value" initial={config} onChange={setConfig} />
        <div className="actions">
          <button type="submit" className="primary" disabled={isBusy || !config}>
            Save
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
