import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type components, dataOf } from "#client/index.ts";
import { api } from "../session/client.ts";

export type Template = components["schemas"]["Template"];

const one = "/api/v1/templates/{template_id}";

export const templatesQuery = infiniteQueryOptions({
  queryKey: ["templates"],
  queryFn: async ({ pageParam: cursor, signal }) =>
    dataOf(await api.GET("/api/v1/templates", { params: { query: { limit: 50, cursor } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  placeholderData: keepPreviousData,
});

export const templateQuery = (template_id: string) =>
  queryOptions({
    queryKey: ["templates", template_id],
    queryFn: async ({ signal }) => dataOf(await api.GET(one, { params: { path: { template_id } }, signal })),
  });

export const templateVersionsQuery = (template_id: string) =>
  queryOptions({
    queryKey: ["templates", template_id, "versions"],
    queryFn: async ({ signal }) =>
      dataOf(
        await api.GET("/api/v1/templates/{template_id}/versions", {
          params: { path: { template_id }, query: { limit: 50 } },
          signal,
        }),
      ).versions,
  });
