import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { settingsOf } from "#src/kernel/config.ts";
import type { Placement } from "#src/kernel/placement.ts";
import { type ObjectBindings, objectsOf, ownObjects } from "#src/objects/objects.ts";
import { placedObject } from "#src/objects/placed-object.ts";
import { placementsOf } from "#src/objects/placement-repository.ts";
import { api } from "../../support/api.ts";
import { createUser } from "../../support/users.ts";

interface Asked {
  name: string;
  jurisdiction: string | undefined;
  hint: string | undefined;
}

/** Bindings that note how objects are asked for; the local runtime knows no jurisdictions. */
function notingBindings() {
  const asked: Asked[] = [];
  const noting = <T>(objects: { getByName(name: string): T }) => {
    const within = (jurisdiction: string | undefined) => ({
      getByName(name: string, options?: { locationHint?: string }) {
        asked.push({ name, jurisdiction, hint: options?.locationHint });
        return objects.getByName(name);
      },
    });
    return { ...within(undefined), jurisdiction: (name: string) => within(name) };
  };
  const bindings: ObjectBindings = {
    TENANT_WORKFLOWS: noting(env.TENANT_WORKFLOWS),
    TENANT_HUB: noting(env.TENANT_HUB),
    ACCESS_GATE: noting(env.ACCESS_GATE),
    CIRCUIT_BREAKER: noting(env.CIRCUIT_BREAKER),
    PLATFORM_METRICS: noting(env.PLATFORM_METRICS),
    WEBHOOK_ENDPOINTS: noting(env.WEBHOOK_ENDPOINTS),
    LOG_RING: noting(env.LOG_RING),
    CONVERSATIONS: noting(env.CONVERSATIONS),
    CONVERSATION_SEARCH: noting(env.CONVERSATION_SEARCH),
    TENANT_PERSONALISATION: noting(env.TENANT_PERSONALISATION),
  };
  return { asked, bindings };
}

const european: Placement = { jurisdiction: "eu", locationHint: "weur" };

describe("A tenant's objects", () => {
  it("are asked for where the tenant is, each of them", async () => {
    const { asked, bindings } = notingBindings();
    const settings = { WORKFLOW_SHARDS: JSON.stringify({ placed: 2 }) };
    const objects = objectsOf(bindings, settings, async () => european);
    await objects.allWorkflows("placed");
    await objects.hub("placed", 1);
    await objects.gate("placed");
    await objects.conversation("placed", "talk");
    await objects.conversationSearch("placed");
    await objects.personalisation("placed");
    const there = { jurisdiction: "eu", hint: "weur" };
    expect(asked).toEqual([
      { name: "placed", ...there },
      { name: "placed:1", ...there },
      { name: "placed:1", ...there },
      { name: "placed", ...there },
      { name: "placed/talk", ...there },
      { name: "placed", ...there },
      { name: "placed", ...there },
    ]);
  });

  it("find each other in their own jurisdiction", () => {
    const { asked, bindings } = notingBindings();
    ownObjects(bindings, { WORKFLOW_SHARDS: "{}" }, { jurisdiction: "eu" }).hub("placed", 0);
    ownObjects(bindings, { WORKFLOW_SHARDS: "{}" }, {}).gate("placed");
    expect(asked).toEqual([
      { name: "placed", jurisdiction: "eu", hint: undefined },
      { name: "placed", jurisdiction: undefined, hint: undefined },
    ]);
  });

  it("are never asked for elsewhere because nobody can ask there", () => {
    const nowhere = { getByName: (name: string) => name };
    expect(() => placedObject(nowhere, "placed", european)).toThrow("jurisdiction eu");
  });
});

describe("Where a tenant is", () => {
  it("is asked of its row once; of one that is not there yet, again", async () => {
    const { POST } = api((await createUser("operator", { role: "admin" })).token);
    const placementOf = placementsOf(database(env.DB));
    expect(await placementOf("placed_later")).toEqual({ jurisdiction: null, locationHint: null });
    const { data } = await POST("/api/v1/admin/clients", {
      body: { client_id: "placed_later", display_name: "Placed", location_hint: "oc" },
    });
    expect(data).toMatchObject({ location_hint: "oc", jurisdiction: null });
    const known = await placementOf("placed_later");
    expect(known).toEqual({ jurisdiction: null, locationHint: "oc" });
    // Not asked again: what was found is given as it is.
    expect(placementOf("placed_later")).toBe(known);
  });

  it("is no jurisdiction on a machine of one's own, whose runtime knows none", async () => {
    const { POST } = api((await createUser("operator", { role: "admin" })).token);
    const { error } = await POST("/api/v1/admin/clients", {
      body: { client_id: "placed_eu", display_name: "Placed", jurisdiction: "eu" },
    });
    expect(error).toMatchObject({ error: "VALIDATION_ERROR" });
    expect(settingsOf(env).ENVIRONMENT).toBe("development");
  });
});
