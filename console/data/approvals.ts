import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { dataOf } from "#client/index.ts";
import { api } from "../session/client.ts";

/** What runs ask of the caller. */
export const approvalsQuery = infiniteQueryOptions({
  queryKey: ["approvals"],
  queryFn: async ({ pageParam: cursor, signal }) =>
    dataOf(await api.GET("/api/v1/approvals", { params: { query: { limit: 50, cursor } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  placeholderData: keepPreviousData,
});
