import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { dataOf } from "#client/index.ts";
import { type Tenant, tenantStatsQuery, tenantsQuery } from "../../data/admin.ts";
import { useAction } from "../../parts/action.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Icon } from "../../parts/icons.tsx";
import { Listing } from "../../parts/listing.tsx";
import { Loading, Page } from "../../parts/page.tsx";
import { Ago, count } from "../../parts/time.tsx";
import { api } from "../../session/client.ts";
import "../../styles/fields.css";
import "../../styles/values.css";

/** Tenants, and what there is of each. */
export function TenantsPage() {
  const list = useInfiniteQuery(tenantsQuery);
  const [shown, setShown] = useState<Tenant>();
  const [isNew, setNew] = useState(false);
  return (
    <Page
      title="Tenants"
      actions={
        <button type="button" onClick={() => setNew(true)}>
          <Icon name="plus" /> New tenant
        </button>
      }
    >
      <Listing
        what="tenants"
        list={list}
        rows={list.data?.pages.flatMap(({ clients }) => clients)}
        keyOf={(tenant) => tenant.client_id}
        columns={[
          {
            name: "Tenant",
            cell: (tenant) => (
              <button type="button" className="bare row-button" data-row onClick={() => setShown(tenant)}>
                {tenant.display_name}
              </button>
            ),
          },
          { name: "Id", cell: (tenant) => <code>{tenant.client_id}</code> },
          {
            name: "State",
            cell: (tenant) => (
              <span className={`level ${tenant.is_active ? "" : "warn"}`}>
                {tenant.is_active ? "active" : "switched off"}
              </span>
            ),
          },
          { name: "Registration", cell: ({ settings }) => String(settings.registration ?? "closed") },
          { name: "Made", isNumber: true, cell: (tenant) => <Ago at={tenant.created_at} /> },
        ]}
        empty={{ title: "There are no tenants" }}
      />
      {shown && <TenantDialog tenant={shown} onClose={() => setShown(undefined)} />}
      {isNew && <NewTenant onClose={() => setNew(false)} />}
    </Page>
  );
}

const stale = [["admin", "tenants"]];

function TenantDialog({ tenant, onClose }: { tenant: Tenant; onClose: () => void }) {
  const { data: stats } = useQuery(tenantStatsQuery(tenant.client_id));
  const [switchTenant, isBusy] = useAction(
    async () =>
      dataOf(
        await api.PUT("/api/v1/admin/clients/{client_id}", {
          params: { path: { client_id: tenant.client_id } },
          body: { is_active: !tenant.is_active },
        }),
      ),
    { done: tenant.is_active ? "Switched off: nobody of it is let in" : "Switched on", stale },
  );
  return (
    <Dialog title={tenant.display_name} onClose={onClose}>
      {stats ? (
        <dl className="facts">
          {(
            [
              ["Users", stats.total_users],
              ["Active", stats.active_users],
              ["Personas", stats.total_instances],
              ["Runs in 30 days", stats.workflows_last_30_days],
              ["Fuel", stats.total_fuel_consumed],
            ] as const
          ).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{count(value)}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <Loading what="figures" rows={1} />
      )}
      <div className="actions">
        <button
          type="button"
          className={tenant.is_active ? "danger" : undefined}
          disabled={isBusy}
          onClick={() => void switchTenant().then((isDone) => isDone && onClose())}
        >
          {tenant.is_active ? "Switch off" : "Switch on"}
        </button>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

function NewTenant({ onClose }: { onClose: () => void }) {
  const [make, isBusy] = useAction(
    async (client_id: string, display_name: string) =>
      dataOf(await api.POST("/api/v1/admin/clients", { body: { client_id, display_name } })),
    { done: "The tenant is there", stale },
  );
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if (await make(String(form.get("id")), String(form.get("name")))) onClose();
  };
  return (
    <Dialog title="New tenant" onClose={onClose}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <label className="field">
          Name
          <input name="name" required maxLength={255} />
        </label>
        <label className="field">
          Id
          <input name="id" required pattern="[A-Za-z0-9_]{3,50}" aria-describedby="tenant-id-about" />
        </label>
        <p id="tenant-id-about" className="hint">
          3 to 50 letters, digits and _; it stays.
        </p>
        <div className="actions">
          <button type="submit" className="primary" disabled={isBusy}>
            Make it
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
