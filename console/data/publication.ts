import { queryOptions } from "@tanstack/react-query";
import { type components, dataOf } from "#client/index.ts";
import { api } from "../session/client.ts";

export type PersonaChat = components["schemas"]["PersonaChat"];

const path = "/api/v1/personas/instances/{instance_id}/chat";

/** How a persona is talked with. */
export const personaChatQuery = (instance_id: string) =>
  queryOptions({
    queryKey: ["persona-chat", instance_id],
    queryFn: async ({ signal }) => dataOf(await api.GET(path, { params: { path: { instance_id } }, signal })),
  });

/** @throws PersonaError */
export const publish = async (instance_id: string, body: PersonaChat) =>
  dataOf(await api.PUT(path, { params: { path: { instance_id } }, body }));
