import { Hono } from "hono";
import type { ObjectBindings } from "#src/objects/objects.ts";
import { openingHeader } from "#src/realtime/index.ts";
import { openingOf } from "./fan-out.ts";

/** Sockets at the hubs of several tenants, and events in their logs, from which the hubs are told. */
export const sockets = new Hono<{ Bindings: Pick<ObjectBindings, "TENANT_HUB" | "TENANT_WORKFLOWS"> }>()
  .get("/", ({ env, req }) => {
    const tenant = req.query("tenant") ?? "";
    return env.TENANT_HUB.getByName(tenant).fetch("https://hub/", {
      headers: {
        upgrade: "websocket",
        [openingHeader]: JSON.stringify(openingOf(tenant, Number(req.query("socket")), false)),
      },
    });
  })
  .post("/", async ({ env, req, json }) => {
    const { tenant, first } = await req.json<{ tenant: string; first: number }>();
    await env.TENANT_WORKFLOWS.getByName(tenant).appendEvent({
      id: `event-${first}`,
      event: "system.notification",
      entityId: tenant,
      ownerUserId: null,
      data: { text: "x".repeat(150) },
    });
    return json({});
  });
