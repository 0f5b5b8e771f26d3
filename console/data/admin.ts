import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type components, dataOf } from "#client/index.ts";
import { api } from "../session/client.ts";
import type { auditFilters } from "./choices.ts";

type Schemas = components["schemas"];
export type ManagedUser = Schemas["AdministeredUser"];
export type Tenant = Schemas["Client"];
export type AdministeredRun = Schemas["AdministeredRun"];
export type DeadLetter = Schemas["DeadLetter"];

/** How a list goes on: by the cursor of its last page. */
const byCursor = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ next_cursor }: { next_cursor: string | null }) => next_cursor ?? undefined,
  placeholderData: keepPreviousData,
};

const limit = 50;

export interface UserFilter {
  email?: string;
  role?: ManagedUser["role"];
}

export const usersQuery = (filter: UserFilter) =>
  infiniteQueryOptions({
    queryKey: ["admin", "users", filter],
    queryFn: async ({ pageParam: cursor, signal }) =>
      dataOf(
        await api.GET("/api/v1/admin/users", { params: { query: { ...filter, limit, cursor } }, signal }),
      ),
    ...byCursor,
  });

/** How far an import is, asked again and again until it is over. */
export const userImportQuery = (job_id: string) =>
  queryOptions({
    queryKey: ["admin", "user-import", job_id],
    queryFn: async ({ signal }) =>
      dataOf(await api.GET("/api/v1/admin/users/import/{job_id}", { params: { path: { job_id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.completed_at ? false : 1000),
  });

export const userQuery = (user_id: string) =>
  queryOptions({
    queryKey: ["admin", "user", user_id],
    queryFn: async ({ signal }) =>
      dataOf(await api.GET("/api/v1/admin/users/{user_id}", { params: { path: { user_id } }, signal })),
  });

export const userAuditQuery = (user_id: string) =>
  infiniteQueryOptions({
    queryKey: ["admin", "user", user_id, "audit"],
    queryFn: async ({ pageParam: cursor, signal }) =>
      dataOf(
        await api.GET("/api/v1/admin/users/{user_id}/audit", {
          params: { path: { user_id }, query: { limit, cursor } },
          signal,
        }),
      ),
    ...byCursor,
  });

export type AuditEntry = Schemas["AuditLog"]["entries"][number];
export type AuditFilter = Partial<Record<(typeof auditFilters)[number], string>>;

export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ["admin", "audit", filter],
    queryFn: async ({ pageParam: cursor, signal }) =>
      dataOf(
        await api.GET("/api/v1/admin/audit", { params: { query: { ...filter, limit, cursor } }, signal }),
      ),
    ...byCursor,
  });

export const tenantsQuery = infiniteQueryOptions({
  queryKey: ["admin", "tenants"],
  queryFn: async ({ pageParam: cursor, signal }) =>
    dataOf(await api.GET("/api/v1/admin/clients", { params: { query: { limit, cursor } }, signal })),
  ...byCursor,
});

export const tenantQuery = (client_id: string) =>
  queryOptions({
    queryKey: ["admin", "tenants", client_id],
    queryFn: async ({ signal }) =>
      dataOf(await api.GET("/api/v1/admin/clients/{client_id}", { params: { path: { client_id } }, signal })),
  });

export const tenantStatsQuery = (client_id: string) =>
  queryOptions({
    queryKey: ["admin", "tenant", client_id, "stats"],
    queryFn: async ({ signal }) =>
      dataOf(
        await api.GET("/api/v1/admin/clients/{client_id}/stats", { params: { path: { client_id } }, signal }),
      ),
  });

export const subscriptionsQuery = infiniteQueryOptions({
  queryKey: ["admin", "subscriptions"],
  queryFn: async ({ pageParam: cursor, signal }) =>
    dataOf(await api.GET("/api/v1/admin/subscriptions", { params: { query: { limit, cursor } }, signal })),
  ...byCursor,
});

const agentsOf = (client_id: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["admin", "agents", "list", client_id],
    queryFn: async ({ pageParam: cursor, signal }) =>
      dataOf(
        await api.GET("/api/v1/admin/agents", { params: { query: { client_id, limit, cursor } }, signal }),
      ),
    ...byCursor,
  });

export const agentsQuery = agentsOf(undefined);

/** Personas of one tenant. */
export const tenantAgentsQuery = agentsOf;

export const agentQuery = (agent_id: string) =>
  queryOptions({
    queryKey: ["admin", "agents", agent_id],
    queryFn: async ({ signal }) =>
      dataOf(await api.GET("/api/v1/admin/agents/{agent_id}", { params: { path: { agent_id } }, signal })),
  });

export const administeredRunsQuery = (status: AdministeredRun["status"] | undefined) =>
  infiniteQueryOptions({
    queryKey: ["admin", "runs", status],
    queryFn: async ({ pageParam: cursor, signal }) =>
      dataOf(
        await api.GET("/api/v1/admin/workflows/runs", {
          params: { query: { status, limit, cursor } },
          signal,
        }),
      ),
    ...byCursor,
  });

export const topicsQuery = queryOptions({
  queryKey: ["admin", "topics"],
  queryFn: async ({ signal }) => dataOf(await api.GET("/api/v1/admin/system/topics", { signal })),
  refetchInterval: 10_000,
});

export const deadLettersQuery = infiniteQueryOptions({
  queryKey: ["admin", "dead-letters"],
  queryFn: async ({ pageParam: cursor, signal }) =>
    dataOf(
      await api.GET("/api/v1/admin/system/dead-letters", { params: { query: { limit, cursor } }, signal }),
    ),
  ...byCursor,
});

export const webhooksQuery = infiniteQueryOptions({
  queryKey: ["webhooks"],
  queryFn: async ({ pageParam: cursor, signal }) =>
    dataOf(await api.GET("/api/v1/webhooks", { params: { query: { limit, cursor } }, signal })),
  ...byCursor,
});

export const webhookQuery = (webhook_id: string) =>
  queryOptions({
    queryKey: ["webhooks", webhook_id],
    queryFn: async ({ signal }) =>
      dataOf(await api.GET("/api/v1/webhooks/{webhook_id}", { params: { path: { webhook_id } }, signal })),
  });

export const deliveriesQuery = (webhook_id: string) =>
  infiniteQueryOptions({
    queryKey: ["webhooks", webhook_id, "deliveries"],
    queryFn: async ({ pageParam: cursor, signal }) =>
      dataOf(
        await api.GET("/api/v1/webhooks/{webhook_id}/deliveries", {
          params: { path: { webhook_id }, query: { limit, cursor } },
          signal,
        }),
      ),
    ...byCursor,
  });

export const dashboardQuery = queryOptions({
  queryKey: ["admin", "dashboard"],
  queryFn: async ({ signal }) => dataOf(await api.GET("/api/v1/admin/dashboard", { signal })),
  refetchInterval: 30_000,
});

export const systemStatusQuery = queryOptions({
  queryKey: ["admin", "system", "status"],
  queryFn: async ({ signal }) => dataOf(await api.GET("/api/v1/admin/system/status", { signal })),
  refetchInterval: 10_000,
});

export const systemConfigQuery = queryOptions({
  queryKey: ["admin", "system", "config"],
  queryFn: async ({ signal }) => dataOf(await api.GET("/api/v1/admin/system/config", { signal })),
});

export const platformSeriesQuery = (by: "day" | "agent" | "persona", since: string, client_id?: string) =>
  queryOptions({
    queryKey: ["admin", "usage", by, since, client_id],
    queryFn: async ({ signal }) =>
      dataOf(
        await api.GET("/api/v1/admin/usage/series", { params: { query: { by, since, client_id } }, signal }),
      ),
    staleTime: 60_000,
  });
