import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { type components, dataOf } from "#client/index.ts";
import { api } from "../session/client.ts";

export const approvalKinds = ["pause", "tool"] as const;

/** What questions are narrowed by; it stands in the address. */
export interface ApprovalFilter {
  instance_id?: string;
  kind?: (typeof approvalKinds)[number];
}

/** What runs ask of the caller. */
export const approvalsQuery = (filter: ApprovalFilter = {}) =>
  infiniteQueryOptions({
    queryKey: ["approvals", filter],
    queryFn: async ({ pageParam: cursor, signal }) =>
      dataOf(
        await api.GET("/api/v1/approvals", { params: { query: { ...filter, limit: 50, cursor } }, signal }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** Decides several at once, and tells of each what came of it. @throws PersonaError */
export const decideSeveral = async (decisions: components["schemas"]["Decision"][]) =>
  dataOf(
    await api.POST("/api/v1/approvals/decide", {
      params: { header: { "idempotency-key": crypto.randomUUID() } },
      body: { decisions },
    }),
  );
