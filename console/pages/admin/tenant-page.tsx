import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type FormEvent, lazy, Suspense, useMemo, useState } from "react";
import {
  platformSeriesQuery,
  type Tenant,
  tenantAgentsQuery,
  tenantQuery,
  tenantStatsQuery,
} from "../../data/admin.ts";
import { sinceOf } from "../../data/usage.ts";
import { JsonField } from "../../parts/json-field.tsx";
import { Loading, Page, Problem } from "../../parts/page.tsx";
import { Ago, count } from "../../parts/time.tsx";
import { ActWithin } from "./act-within.tsx";
import { AgentList } from "./agent-list.tsx";
import { shownOf } from "./conversation-settings.ts";
import { ConversationSettings } from "./conversation-settings-form.tsx";
import { useTenantChange } from "./use-tenant-change.ts";
import "../../styles/fields.css";
import "../../styles/plot.css";
import "../../styles/values.css";

const route = getRouteApi("/in/admin/tenants/$tenant");

/** Half of the page's weight: it comes behind what is written. */
const Plot = lazy(async () => ({ default: (await import("../../parts/plot/plot.tsx")).Plot }));

/** One tenant: what it uses, how it is set, the personas it has. */
export function TenantPage() {
  const { tenant: id } = route.useParams();
  const { data, error, refetch } = useQuery(tenantQuery(id));
  const list = useInfiniteQuery(tenantAgentsQuery(id));
  if (error && !data)
    return (
      <Page title="Tenant">
        <Problem error={error} retry={() => void refetch()} />
      </Page>
    );
  return (
    <Page
      title={data?.display_name ?? "Tenant"}
      about={
        data && (
          <p className="meta">
            <code>{data.client_id}</code> · made <Ago at={data.created_at} />
            {data.jurisdiction && ` · kept within ${data.jurisdiction}`}
            {data.location_hint && ` · near ${data.location_hint}`}
          </p>
        )
      }
      actions={
        data && (
          <>
            <ActWithin tenant={data} />
            <Switch tenant={data} />
          </>
        )
      }
    >
      {data ? (
        <>
          <Figures id={id} />
          <Days id={id} />
          <Settings key={data.updated_at} tenant={data} />
          {/* What is being written here stays while other things of the tenant are saved. */}
          <ConversationSettings key={JSON.stringify(shownOf(data.settings))} tenant={data} />
          <section className="stack" aria-labelledby="personas-title">
            <h2 id="personas-title">Personas</h2>
            <AgentList list={list} empty="It has no persona yet" />
          </section>
        </>
      ) : (
        <Loading what="the tenant" />
      )}
    </Page>
  );
}

function Figures({ id }: { id: string }) {
  const { data, error } = useQuery(tenantStatsQuery(id));
  if (error) return <Problem error={error} />;
  if (!data) return <Loading what="figures" rows={1} />;
  const figures = [
    ["Users", data.total_users],
    ["Active", data.active_users],
    ["Personas", data.total_instances],
    ["Runs", data.total_workflows],
    ["Runs in 30 days", data.workflows_last_30_days],
    ["Memories", data.total_memory_entries],
    ["Fuel", data.total_fuel_consumed],
  ] as const;
  return (
    <dl className="facts">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{count(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Days({ id }: { id: string }) {
  const { data } = useQuery(platformSeriesQuery("day", sinceOf("30"), id));
  const points = useMemo(
    () => data?.series[0]?.points.map(({ at, count: value, failed: part }) => ({ at, value, part })) ?? [],
    [data],
  );
  if (points.length === 0) return null;
  return (
    <section className="panel" aria-label="Runs by day">
      <Suspense fallback={<Loading what="runs by day" />}>
        <Plot title="Runs by day" points={points} partName="failed" />
      </Suspense>
    </section>
  );
}

function Switch({ tenant: { client_id: id, is_active: isActive } }: { tenant: Tenant }) {
  const [change, isBusy] = useTenantChange(
    id,
    isActive ? "Switched off: nobody of it is let in" : "Switched on",
  );
  return (
    <button
      type="button"
      className={isActive ? "danger" : undefined}
      disabled={isBusy}
      onClick={() => void change({ is_active: !isActive })}
    >
      {isActive ? "Switch off" : "Switch on"}
    </button>
  );
}

/** Settings as they are laid over those there are: what was taken out of the text is removed. */
const changesOf = (before: Record<string, unknown>, after: Record<string, unknown>) => ({
  ...Object.fromEntries(Object.keys(before).map((key) => [key, null])),
  ...after,
});

function Settings({ tenant }: { tenant: Tenant }) {
  const [settings, setSettings] = useState<Record<string, unknown> | undefined>(tenant.settings);
  const [change, isBusy] = useTenantChange(tenant.client_id, "Saved");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name"));
    if (settings) void change({ display_name: name, settings: changesOf(tenant.settings, settings) });
  };
  return (
    <form className="panel form wide" aria-labelledby="settings-title" onSubmit={submit}>
      <h2 id="settings-title">Settings</h2>
      <label className="field">
        Name
        <input name="name" required maxLength={255} defaultValue={tenant.display_name} />
      </label>
      <JsonField label="Settings as JSON" initial={tenant.settings} onChange={setSettings} />
      <p className="hint">
        <code>registration</code> is <code>open</code>, <code>invite</code> or <code>closed</code>; other keys
        are kept as they are.
      </p>
      <div className="actions">
        <button type="submit" className="primary" disabled={isBusy || !settings}>
          Save
        </button>
      </div>
    </form>
  );
}
