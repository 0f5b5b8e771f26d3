import { z } from "zod";
import type { Extent } from "./extent.ts";
import { arePeersInstalled, startPeer } from "./peers.ts";
import type { BenchPlatform } from "./platform.ts";
import { residentMb } from "./processes.ts";
import { type Finding, milliseconds } from "./report.ts";

/** Sockets, and the tenants that they are of. */
interface Audience {
  sockets: number;
  tenants: number;
}

const heardSchema = z.object({
  connected: z.number(),
  lost: z.number(),
  disordered: z.number(),
  p50: z.number(),
  p99: z.number(),
});
type Heard = z.infer<typeof heardSchema> & { kilobytesEach: number };

/** A server, as its clients find it. */
interface Server {
  pid: number;
  sayUrl: string;
  socketUrl: string;
  dialect: "events" | "socket.io" | "ws";
  stop(): void;
}

async function peerServer(name: "socket-io" | "ws"): Promise<Server> {
  const { pid, greeting, stop } = await startPeer(name, {});
  const path = name === "ws" ? "/" : "/socket.io/?EIO=4&transport=websocket";
  const socketUrl = greeting.replace("http", "ws") + path;
  return { pid, sayUrl: greeting, socketUrl, dialect: name === "ws" ? "ws" : "socket.io", stop };
}

/** Events to all sockets of an audience, one after the other, and what a socket takes of the server's memory. */
async function heardAt(server: Server, { sockets, tenants }: Audience, events: number): Promise<Heard> {
  const before = residentMb(server.pid);
  const clients = await startPeer("audience", {
    SAY_URL: server.sayUrl,
    SOCKET_URL: server.socketUrl,
    DIALECT: server.dialect,
    SOCKETS: String(sockets),
    TENANTS: String(tenants),
    RUN: `bench-${sockets}`,
  });
  try {
    // The compiler needs some.
    await clients.ask({ events: 3 }, heardSchema);
    const heard = await clients.ask({ events }, heardSchema);
    return { ...heard, kilobytesEach: ((residentMb(server.pid) - before) * 1024) / sockets };
  } finally {
    clients.stop();
  }
}

/** An event at a time to many sockets of one tenant, and of ten: who hears it, in which order, and how soon. */
export async function benchSockets({ baselineUrl, pid }: BenchPlatform, extent: Extent): Promise<Finding[]> {
  // The clients are of the peers' folder, like `ws` that they speak with.
  if (!arePeersInstalled()) return [];
  const events = Math.ceil(extent.rounds / 3);
  const sayUrl = `${baselineUrl}/sockets`;
  const platform: Server = {
    pid,
    sayUrl,
    socketUrl: sayUrl.replace("http", "ws"),
    dialect: "events",
    stop() {},
  };
  const findings: Finding[] = [];
  for (const { sockets, tenants } of extent.audiences) {
    const measured = async (server: Server) => {
      try {
        return await heardAt(server, { sockets, tenants }, events);
      } finally {
        server.stop();
      }
    };
    const hub = await measured(platform);
    const socketIo = await measured(await peerServer("socket-io"));
    const ws = await measured(await peerServer("ws"));
    findings.push(...findingsOf({ sockets, tenants }, hub, { "socket.io": socketIo, ws }));
  }
  return findings;
}

const times = ({ p50, p99 }: Heard) => `${milliseconds(p50)} / ${milliseconds(p99)}`;
const memory = ({ kilobytesEach }: Heard) => `${kilobytesEach.toFixed(1)} KB`;

function findingsOf({ sockets, tenants }: Audience, hub: Heard, peers: Record<string, Heard>): Finding[] {
  const whose = `${sockets} sockets of ${tenants === 1 ? "one tenant" : `${tenants} tenants`}`;
  const { connected, lost, disordered } = hub;
  const all = Object.entries(peers);
  return [
    {
      what: `${whose}: an event to all (p50 / p99)`,
      measured: `${times(hub)}; ${connected} connected, ${lost} lost, ${disordered} out of order`,
      baseline: all.map(([name, heard]) => `${times(heard)} ${name}`).join("; "),
      ratio: hub.p99 / Math.min(...all.map(([, { p99 }]) => p99)),
      goal: "all connected, 0 lost, in order",
      met: connected === sockets && lost === 0 && disordered === 0,
    },
    {
      what: `${whose}: memory of the server for each`,
      measured: memory(hub),
      baseline: all.map(([name, heard]) => `${memory(heard)} ${name}`).join("; "),
      ratio: hub.kilobytesEach / Math.min(...all.map(([, { kilobytesEach }]) => kilobytesEach)),
    },
  ];
}
