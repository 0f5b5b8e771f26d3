import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { dataOf } from "#client/index.ts";
import { agentQuery } from "../../data/admin.ts";
import type { RunRow } from "../../data/runs.ts";
import { useAction } from "../../parts/action.ts";
import { Id } from "../../parts/copy.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Loading, Page, Problem } from "../../parts/page.tsx";
import { Status } from "../../parts/status.tsx";
import { Ago, count, duration } from "../../parts/time.tsx";
import { Value } from "../../parts/value.tsx";
import { api } from "../../session/client.ts";
import { type Agent, healthLevels } from "./agent-list.tsx";
import "../../styles/fields.css";
import "../../styles/values.css";

const route = getRouteApi("/in/admin/agents/$agent");

/** One persona as who administers it sees it: how it does, how it is set. */
export function AgentPage() {
  const { agent: id } = route.useParams();
  const { data, error, refetch } = useQuery(agentQuery(id));
  if (error && !data)
    return (
      <Page title="Agent">
        <Problem error={error} retry={() => void refetch()} />
      </Page>
    );
  if (!data)
    return (
      <Page title="Agent">
        <Loading what="the agent" />
      </Page>
    );
  const { agent, executions } = data;
  const { usage, health } = agent;
  return (
    <Page
      title={agent.name}
      beside={<span className={`level ${healthLevels[health.status]}`}>{health.status}</span>}
      about={
        <p className="meta">
          <Id id={agent.id} what="agent's id" /> · {agent.client_id} · {agent.template_name ?? "no template"}{" "}
          · of{" "}
          <Link to="/admin/users/$user" params={{ user: agent.owner_user_id }}>
            this user
          </Link>{" "}
          · made <Ago at={agent.created_at} />
        </p>
      }
      actions={<Actions agent={agent} />}
    >
      <dl className="facts">
        {(
          [
            ["Runs", count(usage.total_executions)],
            ["Succeeded", count(usage.successful_runs)],
            ["Failed", count(usage.failed_runs)],
            ["Average", duration(usage.average_run_time_ms)],
            ["Fuel", count(usage.fuel_consumed)],
            ["Waiting tasks", count(health.queue_depth)],
          ] as const
        ).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Runs runs={executions} />
      <section className="panel" aria-labelledby="config-title">
        <h2 id="config-title">Configuration</h2>
        <Value value={agent.config} />
      </section>
    </Page>
  );
}

function Actions({ agent }: { agent: Agent }) {
  const [isAsking, setAsking] = useState(false);
  const params = { path: { agent_id: agent.id } };
  const stale = [["admin", "agents"]];
  const [restart, isRestarting] = useAction(
    async () => dataOf(await api.POST("/api/v1/admin/agents/{agent_id}/restart", { params })),
    { done: "Its tasks that hang are sent again", stale },
  );
  const [change, isChanging] = useAction(
    async (reason: string) =>
      dataOf(
        await api.PUT("/api/v1/admin/agents/{agent_id}/status", {
          params,
          body: { is_active: !agent.is_active, ...(reason === "" ? {} : { reason }) },
        }),
      ),
    { done: agent.is_active ? "Switched off: it begins nothing new" : "Switched on", stale },
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get("reason")).trim();
    void change(reason).then((isDone) => isDone && setAsking(false));
  };
  const action = agent.is_active ? "Switch off" : "Switch on";
  return (
    <>
      <button type="button" disabled={isRestarting} onClick={() => void restart()}>
        Send its tasks again
      </button>
      <button
        type="button"
        className={agent.is_active ? "danger" : undefined}
        onClick={() => setAsking(true)}
      >
        {action}
      </button>
      {isAsking && (
        <Dialog title={`${action}: ${agent.name}`} onClose={() => setAsking(false)}>
          <form className="form" onSubmit={submit}>
            <label className="field">
              Reason, for the audit log
              <input name="reason" maxLength={500} />
            </label>
            <div className="actions">
              <button type="submit" className="primary" disabled={isChanging}>
                {action}
              </button>
              <button type="button" onClick={() => setAsking(false)}>
                Cancel
              </button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}

/** The last of its runs. */
function Runs({ runs }: { runs: readonly RunRow[] }) {
  if (runs.length === 0) return null;
  return (
    <section className="stack" aria-labelledby="runs-title">
      <h2 id="runs-title">Its last runs</h2>
      <DataTable
        caption="runs"
        rows={runs}
        keyOf={({ correlation_id }) => correlation_id}
        columns={[
          {
            name: "Run",
            cell: ({ correlation_id: run }) => (
              <Link to="/runs/$run" params={{ run }} className="row-link" data-row>
                <code>…{run.slice(-8)}</code>
              </Link>
            ),
          },
          { name: "Status", cell: ({ status }) => <Status status={status} /> },
          { name: "Fuel", isNumber: true, cell: ({ fuel }) => count(fuel.spent) },
          { name: "Started", isNumber: true, cell: ({ created_at }) => <Ago at={created_at} /> },
        ]}
      />
    </section>
  );
}
