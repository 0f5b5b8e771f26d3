import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Tenant } from "../../data/admin.ts";
import { useAction } from "../../parts/action.ts";
import { actWithin } from "../../session/acting.ts";
import { useActing, useScope, useUser } from "../../session/use-session.ts";

/** Leads into another tenant, for the operator's administrators. */
export function ActWithin({ tenant: { client_id: id } }: { tenant: Tenant }) {
  const user = useUser();
  const isAtHome = useActing() === undefined;
  const scope = useScope();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [enter, isBusy] = useAction(async () => {
    await actWithin(id);
    // What was asked for at home is not what is there.
    queries.clear();
    await navigate({ to: "/admin/users" });
  });
  if (!isAtHome || scope !== "platform" || user?.role !== "admin" || id === user.client_id) return null;
  return (
    <button type="button" disabled={isBusy} onClick={() => void enter()}>
      Act within
    </button>
  );
}
