import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type components, dataOf } from "#client/index.ts";
import { api } from "../session/client.ts";

type Schemas = components["schemas"];
export type Workflow = Schemas["Workflow"];
export type AgentDefinition = Schemas["AgentDefinition"];

const one = "/api/v1/admin/workflows/{workflow}";
const limit = 50;

const byCursor = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ next_cursor }: { next_cursor: string | null }) => next_cursor ?? undefined,
  placeholderData: keepPreviousData,
};

export const workflowsQuery = infiniteQueryOptions({
  queryKey: ["workflows"],
  queryFn: async ({ pageParam: cursor, signal }) =>
    dataOf(await api.GET("/api/v1/admin/workflows", { params: { query: { limit, cursor } }, signal })),
  ...byCursor,
});

/** By its id or name. */
export const workflowQuery = (workflow: string) =>
  queryOptions({
    queryKey: ["workflows", workflow],
    queryFn: async ({ signal }) => dataOf(await api.GET(one, { params: { path: { workflow } }, signal })),
  });

export const workflowVersionsQuery = (workflow: string) =>
  infiniteQueryOptions({
    queryKey: ["workflows", workflow, "versions"],
    queryFn: async ({ pageParam: cursor, signal }) =>
      dataOf(
        await api.GET(`${one}/versions`, {
          params: { path: { workflow }, query: { limit, cursor } },
          signal,
        }),
      ),
    ...byCursor,
  });

export const workflowRunsQuery = (workflow: string) =>
  infiniteQueryOptions({
    queryKey: ["workflows", workflow, "runs"],
    queryFn: async ({ pageParam: cursor, signal }) =>
      dataOf(
        await api.GET(`${one}/runs`, {
          params: { path: { workflow }, query: { limit, cursor } },
          signal,
        }),
      ),
    ...byCursor,
  });

export const agentDefinitionsQuery = infiniteQueryOptions({
  queryKey: ["agent-definitions"],
  queryFn: async ({ pageParam: cursor, signal }) =>
    dataOf(
      await api.GET("/api/v1/admin/agent-definitions", { params: { query: { limit, cursor } }, signal }),
    ),
  ...byCursor,
});
