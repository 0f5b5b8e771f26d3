import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { type AuditEntry, type AuditFilter, auditQuery } from "../../data/admin.ts";
import { csvRows } from "../../parts/csv.ts";
import type { Column } from "../../parts/data-table.tsx";
import { DayField } from "../../parts/day-field.tsx";
import { download } from "../../parts/download.ts";
import { SearchField } from "../../parts/filters.tsx";
import { Listing } from "../../parts/listing.tsx";
import { Page } from "../../parts/page.tsx";
import { Ago } from "../../parts/time.tsx";
import { useScope } from "../../session/use-session.ts";

const route = getRouteApi("/in/admin/audit");

const short = (id: string): string => (id.length > 12 ? `…${id.slice(-8)}` : id);

const Account = ({ id }: { id: string }) => (
  <Link to="/admin/users/$user" params={{ user: id }}>
    <code title={id}>{short(id)}</code>
  </Link>
);

const columns: Column<AuditEntry>[] = [
  { name: "Action", cell: ({ action }) => <code>{action}</code> },
  { name: "By", cell: (entry) => (entry.actor_id ? <Account id={entry.actor_id} /> : "the platform") },
  {
    name: "To",
    cell: (entry) =>
      entry.target_type === "user" ? (
        <Account id={entry.target_id} />
      ) : (
        <>
          {entry.target_type} <code title={entry.target_id}>{short(entry.target_id)}</code>
        </>
      ),
  },
  { name: "Tenant", cell: (entry) => entry.client_id },
  { name: "When", cell: (entry) => <Ago at={entry.created_at} /> },
  { name: "Address", cell: (entry) => entry.ip_address },
  {
    name: "Details",
    text: "cut",
    cell: ({ details }) => {
      const text = JSON.stringify(details);
      return (
        <code className="meta" title={text}>
          {text}
        </code>
      );
    },
  },
];

const inFile = [
  "created_at",
  "action",
  "actor_id",
  "target_type",
  "target_id",
  "client_id",
  "ip_address",
] as const;

const csvOf = (entries: readonly AuditEntry[]): string =>
  csvRows([
    [...inFile, "details"],
    ...entries.map((entry) => [...inFile.map((name) => entry[name] ?? ""), JSON.stringify(entry.details)]),
  ]);

/** Who did what to whom, in one's tenant; for the operator, in all. */
export function AuditPage() {
  const filter = route.useSearch();
  const navigate = useNavigate({ from: "/admin/audit" });
  const list = useInfiniteQuery(auditQuery(filter));
  const scope = useScope();
  const entries = list.data?.pages.flatMap((page) => page.entries);
  const narrow = (name: keyof AuditFilter) => (value: string | undefined) =>
    void navigate({ search: (before) => ({ ...before, [name]: value }), replace: true });
  return (
    <Page
      title="Audit"
      actions={
        <button
          type="button"
          disabled={!entries?.length}
          onClick={() => entries && download("audit.csv", csvOf(entries), "text/csv")}
        >
          CSV
        </button>
      }
    >
      <search className="filters">
        <SearchField label="Action" value={filter.action} onChange={narrow("action")} />
        <SearchField label="Account's id" value={filter.actor} onChange={narrow("actor")} />
        <SearchField label="Id of what it was done to" value={filter.target} onChange={narrow("target")} />
        {scope === "platform" && (
          <SearchField label="Tenant" value={filter.client_id} onChange={narrow("client_id")} />
        )}
        <DayField label="From" value={filter.from} onChange={narrow("from")} />
        <DayField label="To" value={filter.to} onChange={narrow("to")} />
      </search>
      <Listing
        what="audit log"
        list={list}
        rows={entries}
        keyOf={({ id }) => id}
        columns={columns}
        empty={{ title: "Nothing fits", children: <p>Fewer filters or other days may find more.</p> }}
      />
    </Page>
  );
}
