import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { dataOf } from "#client/index.ts";
import { type ManagedUser, userAuditQuery, userQuery } from "../../data/admin.ts";
import { useAction } from "../../parts/action.ts";
import { Id } from "../../parts/copy.tsx";
import { SelectField } from "../../parts/filters.tsx";
import { Listing } from "../../parts/listing.tsx";
import { Loading, Page, Problem } from "../../parts/page.tsx";
import { Ago, count, exactTime } from "../../parts/time.tsx";
import { api } from "../../session/client.ts";
import { may } from "../../session/rights.ts";
import { useUser } from "../../session/use-session.ts";
import "../../styles/values.css";
import "../../styles/fields.css";

const route = getRouteApi("/in/admin/users/$user");
const roles = ["user", "moderator", "admin"] as const;

/** One account: what it is, may and has done. */
export function UserPage() {
  const { user: id } = route.useParams();
  const { data, error, refetch } = useQuery(userQuery(id));
  const mayChange = may(useUser(), "admin.users");
  if (error && !data)
    return (
      <Page title="User">
        <Problem error={error} retry={() => void refetch()} />
      </Page>
    );
  return (
    <Page
      title={data?.user.email ?? "User"}
      about={
        data && (
          <p className="meta">
            <Id id={data.user.id} what="user's id" /> · {data.user.client_id} · since {data.stats.account_age}
          </p>
        )
      }
      actions={data && mayChange && <UserActions user={data.user} />}
    >
      {data ? (
        <>
          <dl className="facts">
            <Fact name="Projects" value={count(data.stats.total_projects)} />
            <Fact name="Personas" value={count(data.stats.total_personas)} />
            <Fact name="Sign-ins" value={count(data.stats.total_logins)} />
            <Fact name="Tier" value={data.user.subscription_tier} />
            <Fact name="State" value={data.user.is_active ? "active" : "switched off"} />
          </dl>
          {mayChange && <Rights user={data.user} />}
          <Audit id={id} />
        </>
      ) : (
        <Loading what="the user" />
      )}
    </Page>
  );
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

const staleOf = (id: string) => [
  ["admin", "user", id],
  ["admin", "users"],
];

function UserActions({ user }: { user: ManagedUser }) {
  const params = { path: { user_id: user.id } };
  const stale = staleOf(user.id);
  const [switchUser, isSwitching] = useAction(
    async () =>
      dataOf(
        await api.PUT("/api/v1/admin/users/{user_id}", { params, body: { is_active: !user.is_active } }),
      ),
    { done: user.is_active ? "Switched off, and signed out" : "Switched on", stale },
  );
  const [endSessions, isEnding] = useAction(
    async () => dataOf(await api.DELETE("/api/v1/admin/users/{user_id}/sessions", { params })),
    { done: "Signed out everywhere", stale },
  );
  return (
    <>
      <button type="button" disabled={isEnding} onClick={() => void endSessions()}>
        Sign out everywhere
      </button>
      <button
        type="button"
        className={user.is_active ? "danger" : undefined}
        disabled={isSwitching}
        onClick={() => void switchUser()}
      >
        {user.is_active ? "Switch off" : "Switch on"}
      </button>
    </>
  );
}

function Rights({ user }: { user: ManagedUser & { permissions: string[] } }) {
  const [setRole, isBusy] = useAction(
    async (role: ManagedUser["role"]) =>
      dataOf(
        await api.PUT("/api/v1/admin/users/{user_id}", {
          params: { path: { user_id: user.id } },
          body: { role },
        }),
      ),
    { done: "The role is changed, and its sessions have ended", stale: staleOf(user.id) },
  );
  return (
    <section className="panel" aria-labelledby="rights-title">
      <h2 id="rights-title">Role and permissions</h2>
      <div className="filters">
        <SelectField
          label="Role"
          value={user.role}
          all=""
          options={roles.map((role) => ({ value: role, name: role }))}
          onChange={(role) => {
            if (role && !isBusy) void setRole(role);
          }}
        />
      </div>
      <p className="meta">
        {user.permissions.length === 0
          ? "No permission beside those of the role."
          : user.permissions.join(", ")}
      </p>
    </section>
  );
}

function Audit({ id }: { id: string }) {
  const list = useInfiniteQuery(userAuditQuery(id));
  return (
    <section className="stack" aria-labelledby="audit-title">
      <h2 id="audit-title">What was done to and by it</h2>
      <Listing
        what="audit log"
        list={list}
        rows={list.data?.pages.flatMap(({ logs }) => logs)}
        keyOf={(entry) => entry.id}
        columns={[
          { name: "Action", cell: ({ action }) => <code>{action}</code> },
          {
            name: "When",
            cell: ({ created_at }) => (
              <span title={exactTime(created_at)}>
                <Ago at={created_at} />
              </span>
            ),
          },
          { name: "Address", cell: ({ ip_address }) => ip_address },
          {
            name: "Details",
            text: "cut",
            cell: ({ details }) => <code className="meta">{JSON.stringify(details)}</code>,
          },
        ]}
        empty={{ title: "Nothing is in the audit log" }}
      />
    </section>
  );
}
