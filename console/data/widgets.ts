import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { type components, dataOf } from "#client/index.ts";
import { api, done } from "../session/client.ts";

type Schemas = components["schemas"];
export type Widget = Schemas["Widget"];
export type ChangedWidget = Schemas["ChangedWidget"];

const one = "/api/v1/widgets/{widget_id}";

/** What is fetched again after a widget has changed. */
export const staleWidgets = [["widgets"]];

export const widgetsQuery = infiniteQueryOptions({
  queryKey: ["widgets"],
  queryFn: async ({ pageParam: cursor, signal }) =>
    dataOf(await api.GET("/api/v1/widgets", { params: { query: { limit: 50, cursor } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  placeholderData: keepPreviousData,
});

/** @returns the widget with its secret, which is shown this once @throws PersonaError */
export const makeWidget = async (body: Schemas["NewWidget"]) =>
  dataOf(await api.POST("/api/v1/widgets", { body }));

/** @throws PersonaError */
export const changeWidget = async (widget_id: string, body: ChangedWidget) =>
  dataOf(await api.PATCH(one, { params: { path: { widget_id } }, body }));

/** @throws PersonaError */
export async function deleteWidget(widget_id: string): Promise<void> {
  done(await api.DELETE(one, { params: { path: { widget_id } } }));
}

/** @returns another secret, which is shown this once @throws PersonaError */
export const rotateSecret = async (widget_id: string) =>
  dataOf(await api.POST("/api/v1/widgets/{widget_id}/secret", { params: { path: { widget_id } } })).secret;
