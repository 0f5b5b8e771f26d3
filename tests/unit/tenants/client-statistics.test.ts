import { describe, expect, it } from "vitest";
import { send } from "../../support/api.ts";
import { tenantObject } from "../../support/objects.ts";
import { bodyOf, get, makeInstance, projectRun } from "../../support/personas.ts";
import { plan, startRequest } from "../../support/plans.ts";
import { createClient, createUser } from "../../support/users.ts";
import { admin, path } from "./clients.ts";

describe("A client's statistics", () => {
  it("count what is there, and nothing of other clients", async () => {
    const user = await admin();
    const now = Date.now();
    for (const clientId of ["clients_stats", "clients_stats_other"]) {
      const owner = await createUser(clientId);
      const { id } = await makeInstance(owner);
      const { id: disabled } = await makeInstance(owner);
      const { id: deleted } = await makeInstance(owner);
      await send("PUT", `/api/v1/admin/agents/${disabled}/status`, { is_active: false }, user.headers);
      await send("DELETE", `/api/v1/personas/instances/${deleted}`, {}, owner.headers);
      await projectRun(owner, id, { created_at: now, fuel_spent: 30 });
      await projectRun(owner, id, { created_at: now - 40 * 86_400_000, fuel_spent: 12 });
      const remember = plan("keep", {
        keep: { action: "store_memory", input: { content: "Tea is green" } },
      });
      const tenant = tenantObject(clientId);
      await tenant.startRun(
        startRequest(clientId, { plan: remember, config: { memory_config: { enabled: true } } }),
      );
    }
    for (const view of ["stats", "usage"]) {
      expect(await bodyOf(await get(`${path}/clients_stats/${view}`, user), 200)).toEqual({
        client_id: "clients_stats",
        // The owner, and one administrator for each template that was made.
        total_users: 4,
        active_users: 4,
        total_instances: 2,
        active_instances: 1,
        // Two of before, and the one that remembers.
        total_workflows: 3,
        workflows_last_30_days: 2,
        total_memory_entries: 1,
        total_fuel_consumed: 44,
      });
    }
  });

  it("of a client without anything are all zero", async () => {
    await createClient("clients_empty");
    const stats = await bodyOf<Record<string, unknown>>(
      await get(`${path}/clients_empty/stats`, await admin()),
      200,
    );
    const { client_id, ...counts } = stats;
    expect(client_id).toBe("clients_empty");
    expect(new Set(Object.values(counts))).toEqual(new Set([0]));
  });
});
