import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type ManagedUser, type UserFilter, usersQuery } from "../../data/admin.ts";
import type { Column } from "../../parts/data-table.tsx";
import { SearchField, SelectField } from "../../parts/filters.tsx";
import { Listing } from "../../parts/listing.tsx";
import { Page } from "../../parts/page.tsx";
import { useSelection } from "../../parts/selection.ts";
import { Ago, count } from "../../parts/time.tsx";
import { may } from "../../session/rights.ts";
import { useScope, useUser } from "../../session/use-session.ts";
import { SeveralUsers } from "./several-users.tsx";
import { ExportUsers } from "./user-export.tsx";
import { ImportUsers } from "./user-import.tsx";

const route = getRouteApi("/in/admin/users");

export const roles = ["user", "moderator", "admin"] as const;

const columns: Column<ManagedUser>[] = [
  {
    name: "E-mail",
    cell: (user) => (
      <Link to="/admin/users/$user" params={{ user: user.id }} className="row-link" data-row={user.id}>
        {user.email}
      </Link>
    ),
  },
  { name: "Role", cell: ({ role }) => role },
  { name: "Tier", cell: (user) => user.subscription_tier },
  { name: "Tenant", cell: (user) => user.client_id },
  {
    name: "State",
    cell: (user) => (
      <span className={`level ${user.is_active ? "" : "warn"}`}>
        {user.is_active ? "active" : "switched off"}
      </span>
    ),
  },
  {
    name: "Last sign-in",
    isNumber: true,
    cell: (user) => (user.last_login_at ? <Ago at={user.last_login_at} /> : "never"),
  },
];

/** Accounts of the tenant; for the operator, of all tenants. */
export function UsersPage() {
  const filter = route.useSearch();
  const navigate = useNavigate({ from: "/admin/users" });
  const list = useInfiniteQuery(usersQuery(filter));
  const narrow = (change: UserFilter) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const total = list.data?.pages[0]?.total_count;
  const rows = list.data?.pages.flatMap(({ users }) => users);
  const user = useUser();
  const scope = useScope();
  const mayChange = may(user, "admin.users");
  const selection = useSelection();
  const [isImporting, setImporting] = useState(false);
  return (
    <Page
      title="Users"
      beside={total !== undefined && <span className="meta">{count(total)}</span>}
      actions={
        mayChange && (
          <>
            <ExportUsers filter={filter} />
            <button type="button" onClick={() => setImporting(true)}>
              Import
            </button>
          </>
        )
      }
    >
      <search className="filters">
        <SearchField label="E-mail" value={filter.email} onChange={(email) => narrow({ email })} />
        <SelectField
          label="Role"
          value={filter.role}
          options={roles.map((role) => ({ value: role, name: role }))}
          onChange={(role) => narrow({ role })}
        />
      </search>
      <Listing
        what="users"
        list={list}
        rows={rows}
        keyOf={({ id }) => id}
        nameOf={({ email }) => email}
        columns={columns}
        {...(mayChange && { selection })}
        empty={{
          title: "Nobody fits",
          children: <p>Another part of an address or another role may find more.</p>,
        }}
      />
      <SeveralUsers rows={rows ?? []} selection={selection} />
      {isImporting && user && (
        <ImportUsers
          clientId={user.client_id}
          isOperator={scope === "platform"}
          onClose={() => setImporting(false)}
        />
      )}
    </Page>
  );
}
