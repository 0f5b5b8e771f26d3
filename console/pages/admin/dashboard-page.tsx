import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { dashboardQuery, platformSeriesQuery, systemStatusQuery } from "../../data/admin.ts";
import { sinceOf } from "../../data/usage.ts";
import { Loading, Page, Problem } from "../../parts/page.tsx";
import { Plot } from "../../parts/plot/plot.tsx";
import { Ranking } from "../../parts/plot/ranking.tsx";
import { Ago, count, duration } from "../../parts/time.tsx";
import { money } from "../usage/figures.ts";
import "../../styles/plot.css";
import "../../styles/values.css";

/** The platform at a glance: figures, what runs, what fails, who asks. */
export function DashboardPage() {
  const { data, error, refetch } = useQuery(dashboardQuery);
  const { data: status } = useQuery(systemStatusQuery);
  const series = useQuery(platformSeriesQuery(sinceOf("14")));
  const points = useMemo(
    () => series.data?.series[0]?.points.map((point) => ({ at: point.at, value: point.count })) ?? [],
    [series.data],
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
            <Fact name="Tenants" value={count(data.overview.total_clients)} to="/admin/tenants" />
            <Fact
              name="Users"
              value={count(data.overview.total_users)}
              note={`${count(data.overview.active_users_30_days)} active`}
              to="/admin/users"
            />
            <Fact name="Personas" value={count(data.overview.total_agent_instances)} to="/admin/agents" />
            <Fact
              name="Runs"
              value={count(data.overview.total_workflows)}
              note={`${count(data.system_health.active_workflows)} under way`}
              to="/admin/runs"
            />
            <Fact name="Success" value={`${Math.round(data.overview.success_rate * 10) / 10} %`} />
            <Fact name="Fuel" value={count(data.usage_metrics.total_fuel_consumed)} />
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
            <section className="panel" aria-label="Runs by day">
              {points.length > 0 ? (
                <Plot title="Runs by day" points={points} />
              ) : (
                <Loading what="runs by day" rows={3} />
              )}
            </section>
            <section className="panel" aria-label="Fuel by agent type">
              <h2>Fuel by agent type</h2>
              <Ranked named={data.usage_metrics.fuel_by_agent_type} />
            </section>
            <section className="panel" aria-label="Recent">
              <h2>Recent</h2>
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
            </section>
            <section className="panel" aria-label="Users by tier">
              <h2>Users by tier</h2>
              <Ranked named={data.user_metrics.users_by_tier} />
            </section>
          </div>
        </>
      )}
    </Page>
  );
}

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

function Ranked({ named }: { named: Readonly<Record<string, number>> }) {
  const rows = Object.entries(named)
    .map(([name, value]) => ({ name, value }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value)
    .slice(0, 8);
  return rows.length > 0 ? <Ranking rows={rows} /> : <p className="meta">Nothing yet.</p>;
}
