import { type components, dataOf } from "#client/index.ts";
import { useAction } from "../../parts/action.ts";
import { api } from "../../session/client.ts";

const stale = [["admin", "tenants"]];

/** Changes a tenant; the lists and its page hear of it. */
export const useTenantChange = (id: string, done: string) =>
  useAction(
    async (body: components["schemas"]["UpdateClient"]) =>
      dataOf(
        await api.PUT("/api/v1/admin/clients/{client_id}", { params: { path: { client_id: id } }, body }),
      ),
    { done, stale },
  );
