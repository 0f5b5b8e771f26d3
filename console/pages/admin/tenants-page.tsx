import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { dataOf } from "#client/index.ts";
import { tenantsQuery } from "../../data/admin.ts";
import { useAction } from "../../parts/action.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Icon } from "../../parts/icons.tsx";
import { Listing } from "../../parts/listing.tsx";
import { Page } from "../../parts/page.tsx";
import { Ago } from "../../parts/time.tsx";
import { api } from "../../session/client.ts";
import "../../styles/fields.css";

/** Tenants, and what there is of each. */
export function TenantsPage() {
  const list = useInfiniteQuery(tenantsQuery);
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
              <Link
                to="/admin/tenants/$tenant"
                params={{ tenant: tenant.client_id }}
                className="row-link"
                data-row
              >
                {tenant.display_name}
              </Link>
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
      {isNew && <NewTenant onClose={() => setNew(false)} />}
    </Page>
  );
}

const stale = [["admin", "tenants"]];

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
