import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type components, dataOf } from "#client/index.ts";
import { api } from "../session/client.ts";

type Schemas = components["schemas"];
export type Order = Schemas["Order"];
export type Product = Schemas["Product"];
export type Money = Schemas["Money"];

export interface OrderFilter {
  status?: Order["status"];
}

export interface ProductFilter {
  q?: string;
  status?: Product["status"];
}

const limit = 50;

const byCursor = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ next_cursor }: { next_cursor: string | null }) => next_cursor ?? undefined,
  placeholderData: keepPreviousData,
};

export const ordersQuery = ({ status }: OrderFilter) =>
  infiniteQueryOptions({
    queryKey: ["orders", status],
    queryFn: async ({ pageParam: cursor, signal }) =>
      dataOf(
        await api.GET("/api/v1/orders", {
          params: { query: { expand: "customer", limit, cursor, ...(status && { status: [status] }) } },
          signal,
        }),
      ),
    ...byCursor,
  });

export const orderQuery = (order_id: string) =>
  queryOptions({
    queryKey: ["orders", "one", order_id],
    queryFn: async ({ signal }) =>
      dataOf(
        await api.GET("/api/v1/orders/{order_id}", {
          params: { path: { order_id }, query: { expand: "items,customer" } },
          signal,
        }),
      ),
  });

export const orderEventsQuery = (order_id: string) =>
  infiniteQueryOptions({
    queryKey: ["orders", "one", order_id, "events"],
    queryFn: async ({ pageParam: cursor, signal }) =>
      dataOf(
        await api.GET("/api/v1/orders/{order_id}/events", {
          params: { path: { order_id }, query: { limit, cursor } },
          signal,
        }),
      ),
    ...byCursor,
  });

export const orderPaymentsQuery = (order_id: string) =>
  infiniteQueryOptions({
    queryKey: ["orders", "one", order_id, "payments"],
    queryFn: async ({ pageParam: cursor, signal }) =>
      dataOf(
        await api.GET("/api/v1/orders/{order_id}/payments", {
          params: { path: { order_id }, query: { limit, cursor } },
          signal,
        }),
      ),
    ...byCursor,
  });

export const productsQuery = (filter: ProductFilter) =>
  infiniteQueryOptions({
    queryKey: ["products", filter],
    queryFn: async ({ pageParam: cursor, signal }) =>
      dataOf(await api.GET("/api/v1/products", { params: { query: { ...filter, limit, cursor } }, signal })),
    ...byCursor,
  });

export const stockQuery = (product_id: string) =>
  queryOptions({
    queryKey: ["products", "stock", product_id],
    queryFn: async ({ signal }) =>
      dataOf(
        await api.GET("/api/v1/products/{product_id}/stock", {
          params: { path: { product_id }, query: { limit: 100 } },
          signal,
        }),
      ).stock,
  });

export const locationsQuery = queryOptions({
  queryKey: ["locations"],
  queryFn: async ({ signal }) =>
    dataOf(await api.GET("/api/v1/locations", { params: { query: { limit: 100 } }, signal })).locations,
  staleTime: 60_000,
});
