import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { dataOf } from "#client/index.ts";
import { api } from "../session/client.ts";

/** What is one's own, by a word of two letters at least. */
export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ["search", q],
    queryFn: async ({ signal }) =>
      dataOf(await api.GET("/api/v1/search", { params: { query: { q } }, signal })),
    enabled: q.length >= 2,
    placeholderData: keepPreviousData,
    staleTime: 5000,
  });
