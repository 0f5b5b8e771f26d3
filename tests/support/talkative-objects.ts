import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { AccessGate } from "#durable-objects/access-gate/object.ts";
import { CircuitBreaker } from "#durable-objects/circuit-breaker/object.ts";
import { TenantHub } from "#durable-objects/tenant-hub/object.ts";
import { type Caller, openingHeader } from "#src/realtime/index.ts";

/** What objects are given here, but that they log everything. */
const talkative = { ...env, LOG_LEVEL: "debug" };

/** Does something with a breaker that logs everything. */
export const withBreaker = (provider: string, work: (breaker: CircuitBreaker) => Promise<void>) =>
  runInDurableObject(env.CIRCUIT_BREAKER.getByName(provider), (_, state) =>
    work(new CircuitBreaker(state, talkative)),
  );

/** Does something with a gate that logs everything. */
export const withGate = (name: string, work: (gate: AccessGate) => Promise<void>) =>
  runInDurableObject(env.ACCESS_GATE.getByName(name), (_, state) => work(new AccessGate(state, talkative)));

/** A hub that logs everything, its sockets as it has them, and the same hub after an eviction. */
interface OpenHub {
  hub: TenantHub;
  sockets(): WebSocket[];
  again(): TenantHub;
}

/** Does something with a hub that logs everything, at which somebody has opened a socket. */
export const withHub = (caller: Caller, work: (open: OpenHub) => Promise<void>) =>
  runInDurableObject(env.TENANT_HUB.getByName(caller.clientId), async (_, state) => {
    const again = () => new TenantHub(state, talkative);
    const hub = again();
    const headers = { upgrade: "websocket", [openingHeader]: JSON.stringify({ caller }) };
    const { webSocket } = await hub.fetch(new Request("https://hub/", { headers }));
    webSocket?.accept();
    await work({ hub, again, sockets: () => state.getWebSockets() });
  });
