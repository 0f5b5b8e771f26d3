import type { Extent } from "./extent.ts";
import { byTurns, type Timing } from "./load.ts";
import { arePeersInstalled, type Peer, startPeer } from "./peers.ts";
import type { BenchPlatform } from "./platform.ts";
import { atLeast, type Finding, milliseconds, perSecond } from "./report.ts";

/** Sockets, and events of a burst. */
const [sockets, events] = [200, 50];

/** A server, and clients of it in a process of their own that ask it for bursts. */
export interface Contender {
  clients: Peer;
  stop(): void;
}

export async function contender(
  url: string,
  socketPath: string,
  dialect: "events" | "socket.io",
  expected: { sockets: number; events: number; piece?: number } = { sockets, events },
): Promise<Contender> {
  const clients = await startPeer("listeners", {
    BURST_URL: url,
    SOCKET_URL: url.replace("http", "ws") + socketPath,
    DIALECT: dialect,
    SOCKETS: String(expected.sockets),
    EVENTS: String(expected.events),
    PIECE: String(expected.piece ?? ""),
  });
  return { clients, stop: () => clients.stop() };
}

async function peerContender(name: "socket-io" | "ws"): Promise<Contender> {
  const server = await startPeer(name, {});
  const made =
    name === "ws"
      ? await contender(server.greeting, "/", "events")
      : await contender(server.greeting, "/socket.io/?EIO=4&transport=websocket", "socket.io");
  return {
    clients: made.clients,
    stop: () => {
      made.stop();
      server.stop();
    },
  };
}

async function bursts<Name extends string>(
  contenders: Record<Name, Contender>,
  { rounds, turns }: Extent,
): Promise<(name: Name) => Timing> {
  const all = Object.values<Contender>(contenders);
  try {
    for (const { clients } of all) await clients.timed({ count: 5 });
    const load = { count: Math.ceil(rounds / 6) };
    const timings = Object.fromEntries(
      Object.entries<Contender>(contenders).map(([name, { clients }]) => [name, () => clients.timed(load)]),
    );
    return await byTurns<string, Timing>(timings, { turns, rate: (timing) => timing.perSecond });
  } finally {
    for (const { stop } of all) stop();
  }
}

/** A burst of events to many sockets: until the last of them has the last one. */
export async function benchFanOut({ baselineUrl }: BenchPlatform, extent: Extent): Promise<Finding[]> {
  // The clients are of the peers' folder, like `ws` that they speak with.
  if (!arePeersInstalled()) return [];
  const url = `${baselineUrl}/fan-out`;
  const burst = `${events} events to ${sockets} sockets`;
  const single = await bursts(
    {
      hub: await contender(`${url}/platform/bench_frames`, "", "events"),
      bare: await contender(`${url}/bare`, "", "events"),
    },
    extent,
  );
  const batched = await bursts(
    {
      hub: await contender(`${url}/platform/bench_batches`, "?batch=1", "events"),
      socketIo: await peerContender("socket-io"),
      ws: await peerContender("ws"),
    },
    extent,
  );
  const rate = ({ median }: Timing) => (sockets * events * 1000) / median;
  const row = (what: string, of: Timing, beside: Timing, who: string) => ({
    what: `${what}: ${burst} (median)`,
    measured: `${milliseconds(of.median)}, ${perSecond(rate(of))}`,
    baseline: `${milliseconds(beside.median)}, ${perSecond(rate(beside))} ${who}`,
    ratio: beside.median / of.median,
  });
  return [
    atLeast(0.9, row("a frame an event", single("hub"), single("bare"), "bare hibernating object")),
    atLeast(1, row("`?batch=1`", batched("hub"), batched("socketIo"), "socket.io")),
    row("`?batch=1`", batched("hub"), batched("ws"), "`ws` on Node"),
  ];
}
