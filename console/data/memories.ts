import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type components, dataOf } from "#client/index.ts";
import { api, done } from "../session/client.ts";

export type Memory = components["schemas"]["Memory"];

const list = "/api/v1/personas/instances/{instance_id}/memories";
const one = "/api/v1/personas/instances/{instance_id}/memories/{memory_id}";

export const memoriesQuery = (instance_id: string) =>
  infiniteQueryOptions({
    queryKey: ["memories", instance_id],
    queryFn: async ({ pageParam: cursor, signal }) =>
      dataOf(
        await api.GET(list, { params: { path: { instance_id }, query: { limit: 50, cursor } }, signal }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });

export const foundMemoriesQuery = (instance_id: string, query: string) =>
  queryOptions({
    queryKey: ["memories", instance_id, "search", query],
    queryFn: async ({ signal }) =>
      dataOf(
        await api.GET("/api/v1/personas/instances/{instance_id}/memories/search", {
          params: { path: { instance_id }, query: { query, limit: 20 } },
          signal,
        }),
      ).memories,
    enabled: query !== "",
    placeholderData: keepPreviousData,
  });

/** Writes a memory, or another version of one. @throws PersonaError */
export async function saveMemory(
  instance_id: string,
  id: number | undefined,
  body: { content: string; type: string },
) {
  if (id === undefined) return dataOf(await api.POST(list, { params: { path: { instance_id } }, body }));
  return dataOf(await api.PUT(one, { params: { path: { instance_id, memory_id: id } }, body }));
}

/** @throws PersonaError */
export async function forgetMemory(instance_id: string, memory_id: number): Promise<void> {
  done(await api.DELETE(one, { params: { path: { instance_id, memory_id } } }));
}

export const imagesQuery = (instance_id: string) =>
  infiniteQueryOptions({
    queryKey: ["images", instance_id],
    queryFn: async ({ pageParam: cursor, signal }) =>
      dataOf(
        await api.GET("/api/v1/personas/instances/{instance_id}/images", {
          params: { path: { instance_id }, query: { limit: 24, cursor } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });

export const logLinesQuery = (instance_id: string) =>
  infiniteQueryOptions({
    queryKey: ["log-lines", instance_id],
    queryFn: async ({ pageParam: cursor, signal }) =>
      dataOf(
        await api.GET("/api/v1/personas/instances/{instance_id}/logs", {
          params: { path: { instance_id }, query: { limit: 100, cursor } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });
