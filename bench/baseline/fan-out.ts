import { Hono } from "hono";
import type { PlatformEvent } from "#src/events/index.ts";
import type { ObjectBindings } from "#src/objects/objects.ts";
import { eventFrame, type Opening, openingHeader } from "#src/realtime/index.ts";
import type { BareHub } from "./bare-hub.ts";

export interface FanOutEnv extends Pick<ObjectBindings, "TENANT_HUB"> {
  BARE_HUB: DurableObjectNamespace<BareHub>;
}

/** A socket of a tenant. A user has at most 20, so there are some users. */
export const openingOf = (tenant: string, socket: number, isBatched: boolean): Opening => ({
  caller: {
    clientId: tenant,
    userId: `user-${Math.floor(socket / 20)}`,
    role: "user",
    sessionId: `session-${socket}`,
    expiresAt: Date.now() + 3_600_000,
  },
  isBatched,
});

/** Events that are for everybody in a tenant. */
const burst = (clientId: string, first: number, count: number): PlatformEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    seq: first + index,
    event: "system.notification",
    entity_id: clientId,
    owner_user_id: null,
    data: { text: "x".repeat(150) },
    timestamp: new Date().toISOString(),
  }));

/** Hubs of the platform, each with a log of its own that begins at 1, and a bare one: asked for the same. */
export const fanOut = new Hono<{ Bindings: FanOutEnv }>()
  .get("/platform/:tenant", ({ env, req }) =>
    env.TENANT_HUB.getByName(req.param("tenant")).fetch("https://hub/", {
      headers: {
        upgrade: "websocket",
        [openingHeader]: JSON.stringify(
          openingOf(req.param("tenant"), Number(req.query("socket")), req.query("batch") === "1"),
        ),
      },
    }),
  )
  .get("/bare", ({ env, req }) => env.BARE_HUB.getByName("bare").fetch(req.raw))
  .post("/platform/:tenant", async (c) => {
    const tenant = c.req.param("tenant");
    const { first, count } = await c.req.json<{ first: number; count: number }>();
    return c.json(await c.env.TENANT_HUB.getByName(tenant).publish(burst(tenant, first, count)));
  })
  .post("/bare", async (c) => {
    const { first, count } = await c.req.json<{ first: number; count: number }>();
    await c.env.BARE_HUB.getByName("bare").broadcast(burst("bare", first, count).map(eventFrame));
    return c.json({});
  });
