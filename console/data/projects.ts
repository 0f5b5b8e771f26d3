import { queryOptions } from "@tanstack/react-query";
import { dataOf } from "#client/index.ts";
import { api } from "../session/client.ts";

/** One's own projects, as many as a choice can show. */
export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: async ({ signal }) =>
    dataOf(await api.GET("/api/v1/projects", { params: { query: { limit: 100 } }, signal })).projects,
});
