import type { Extent } from "./extent.ts";
import { type Contender, contender } from "./fan-out.ts";
import { byTurns, type Timing } from "./load.ts";
import { arePeersInstalled } from "./peers.ts";
import type { BenchPlatform } from "./platform.ts";
import { cpuMs } from "./processes.ts";
import { atLeast, type Finding, milliseconds, perSecond } from "./report.ts";

/** Texts that are written at once, sockets, and pieces of each text in a burst: a second of it, at 20 a second. */
const [texts, sockets, pieces] = [50, 50, 20];
/** As `bench/baseline` writes them. */
const piece = "about four words in ";

interface Measured extends Timing {
  /** Of a burst, in the server's process. */
  cpu: number;
}

const audiences = { own: "each heard by one of", all: "all heard by each of" } as const;

/** Texts that are being written, told as a consumer tells them, beside an object that only sends the same frames. */
export async function benchStreams(
  { baselineUrl, pid }: BenchPlatform,
  { rounds, turns }: Extent,
): Promise<Finding[]> {
  if (!arePeersInstalled()) return [];
  const findings: Finding[] = [];
  for (const [audience, words] of Object.entries(audiences)) {
    const events = audience === "own" ? pieces : pieces * texts;
    const at = (side: "platform" | "bare") =>
      contender(`${baselineUrl}/streams/${side}/${audience}`, "", "events", {
        sockets,
        events,
        piece: piece.length,
      });
    const contenders = { hub: await at("platform"), bare: await at("bare") };
    const count = Math.ceil(rounds / 3);
    const measure = async ({ clients }: Contender): Promise<Measured> => {
      const before = cpuMs(pid);
      const timing = await clients.timed({ count });
      return { ...timing, cpu: (cpuMs(pid) - before) / count };
    };
    try {
      for (const { clients } of Object.values(contenders)) await clients.timed({ count: 5 });
      const middle = await byTurns(
        { hub: () => measure(contenders.hub), bare: () => measure(contenders.bare) },
        { turns, rate: (timing) => timing.perSecond },
      );
      const [hub, bare] = [middle("hub"), middle("bare")];
      const what = `${texts} texts, ${words} ${sockets} sockets, a second of 20 pieces`;
      const rate = ({ median }: Timing) => perSecond((sockets * events * 1000) / median);
      findings.push(
        atLeast(0.5, {
          what: `${what} (median)`,
          measured: `${milliseconds(hub.median)}, ${rate(hub)}`,
          baseline: `${milliseconds(bare.median)}, ${rate(bare)} bare hibernating object`,
          ratio: bare.median / hub.median,
        }),
        atLeast(0.5, {
          what: `${what}: CPU`,
          measured: milliseconds(hub.cpu),
          baseline: `${milliseconds(bare.cpu)} bare hibernating object`,
          ratio: bare.cpu / hub.cpu,
        }),
      );
    } finally {
      for (const { stop } of Object.values(contenders)) stop();
    }
  }
  return findings;
}
