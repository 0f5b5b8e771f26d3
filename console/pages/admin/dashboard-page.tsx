import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { dashboardQuery, platformSeriesQuery, systemStatusQuery } from "../../data/admin.ts";
import { sinceOf } from "../../data/usage.ts";
import { Loading, Page, Problem } from "../../parts/page.tsx";
import { Plot } from "../../parts/plot/plot.tsx";
import { Ago, count, duration } from "../../parts/time.tsx";
import { money } from "../usage/figures.ts";
import { Failures, Panel, Providers, Queues, Ranked } from "./dashboard-panels.tsx";
import "../../styles/plot.css";
import "../../styles/values.css";

/** The days of what is drawn and ranked. */
const range = "14";

/** The platform at a glance: figures, what runs, what fails, what waits, who asks. */
export function DashboardPage() {
  const { data, error, refetch } = useQuery(dashboardQuery);
  const { data: status } = useQuery(systemStatusQuery);
  const since = sinceOf(range);
  const byDay = useQuery(platformSeriesQuery("day", since));
  const byAgent = useQuery(platformSeriesQuery("agent", since));
  const byTemplate = useQuery(platformSeriesQuery("persona", since));
  const points = useMemo(
    () =>
      byDay.data?.series[0]?.points.map(({ at, count: value, failed }) => ({ at, value, part: failed })) ??
      [],
    [byDay.data],
  );
  return (
    <Page
      title="Dashboard"
      beside={
        status && (
          <span className={`level ${status.status === "healthy" ? "good" : "error"}`}>{status.status}</span>
        )
      }
    >
      {error && <Problem error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading what="figures" rows={8} />}
      {data && (
        <>
          <dl className="facts">
            <Fact
              name="Runs"
              value={count(byDay.data?.total.count ?? 0)}
              note={`in ${range} days`}
              to="/admin/runs"
            />
            <Fact name="Under way" value={known(data.system_health.active_workflows)} to="/admin/runs" />
            <Fact name="Success" value={`${Math.round(data.overview.success_rate * 10) / 10} %`} />
            <Fact name="Fuel" value={count(byDay.data?.total.fuel ?? 0)} note={`in ${range} days`} />
            <Fact name="Personas" value={count(data.overview.total_agent_instances)} to="/admin/agents" />
            <Fact
              name="Users"
              value={count(data.overview.total_users)}
              note={`${count(data.overview.active_users_30_days)} active`}
              to="/admin/users"
            />
            <Fact name="Tenants" value={count(data.overview.total_clients)} to="/admin/tenants" />
            <Fact name="API calls today" value={known(data.usage_metrics.api_calls_today)} />
            <Fact
              name="Latency"
              value={
                data.system_health.average_latency_ms === null
                  ? "–"
                  : duration(data.system_health.average_latency_ms)
              }
            />
            <Fact name="Revenue this month" value={money(data.overview.total_revenue_mtd)} />
          </dl>
          <div className="usage">
            <div className="column">
              <section className="panel" aria-label="Runs by day">
                {points.length > 0 ? (
                  <Plot title="Runs by day" points={points} partName="failed" />
                ) : (
                  <Loading what="runs by day" rows={3} />
                )}
              </section>
              <Queues />
              <Panel title="Recent">
                {data.recent_activity.length === 0 && <p className="meta">Nothing has happened yet.</p>}
                <ul className="recent">
                  {data.recent_activity.slice(0, 8).map((activity) => (
                    <li key={`${activity.timestamp} ${activity.description}`}>
                      <span>{activity.description}</span>
                      <span className="meta">
                        <Ago at={activity.timestamp} />
                      </span>
                    </li>
                  ))}
                </ul>
              </Panel>
            </div>
            <div className="column">
              <Failures />
              {status && <Providers breakers={Object.values(status.breakers)} />}
              <Panel title="Fuel by agent type">
                <Ranked series={byAgent.data} of={({ fuel }) => fuel} />
              </Panel>
              <Panel title="Templates most used">
                <Ranked series={byTemplate.data} of={({ count: runs }) => runs} />
              </Panel>
            </div>
          </div>
        </>
      )}
    </Page>
  );
}

const known = (value: number | null): string => (value === null ? "–" : count(value));

interface FactProps {
  name: string;
  value: string;
  note?: string;
  /** The list that it counts. */
  to?: "/admin/tenants" | "/admin/users" | "/admin/agents" | "/admin/runs";
}

const Fact = ({ name, value, note, to }: FactProps) => (
  <div>
    <dt>{name}</dt>
    <dd>
      {to ? <Link to={to}>{value}</Link> : value} {note && <small>{note}</small>}
    </dd>
  </div>
);
