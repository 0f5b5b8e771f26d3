import { queryOptions } from "@tanstack/react-query";
import { type components, dataOf } from "#client/index.ts";
import { api } from "../session/client.ts";

export type Instance = components["schemas"]["PersonaInstance"];
export type TemplateChoice = components["schemas"]["TemplateChoice"];

/** Persona instances of one's own, as many as a page of the API has. */
export const instancesQuery = queryOptions({
  queryKey: ["instances"],
  queryFn: async ({ signal }) =>
    dataOf(
      await api.GET("/api/v1/personas/instances", {
        params: { query: { limit: 100, include: "last_run" } },
        signal,
      }),
    ),
  staleTime: 30_000,
});

export const instanceQuery = (id: string) =>
  queryOptions({
    queryKey: ["instances", id],
    queryFn: async ({ signal }) =>
      dataOf(
        await api.GET("/api/v1/personas/instances/{instance_id}", {
          params: { path: { instance_id: id } },
          signal,
        }),
      ),
    staleTime: 30_000,
  });

export const templateChoicesQuery = queryOptions({
  queryKey: ["template-choices"],
  queryFn: async ({ signal }) =>
    dataOf(await api.GET("/api/v1/personas/templates", { params: { query: { limit: 100 } }, signal })),
  staleTime: 60_000,
});

/** The names of one's personas, by id. */
export const namesOf = (list: { instances: Instance[] } | undefined): ReadonlyMap<string, string> =>
  new Map(list?.instances.map(({ id, name }) => [id, name]));
