import type { Extent } from "./extent.ts";
import { byTurns } from "./load.ts";
import { arePeersInstalled, type Peer, startPeer } from "./peers.ts";
import { type BenchPlatform, signingKey } from "./platform.ts";
import { atLeast, type Finding, milliseconds, perSecond, within } from "./report.ts";
import type { BenchSession } from "./session.ts";
import { type Throughput, throughputOf } from "./throughput.ts";

/** The most that the runtime may compute for an authenticated request, in milliseconds. */
const cpuGoalMs = 0.25;

const shown = ({ perSecond: rate, cpuMs }: Throughput) => `${perSecond(rate)}, ${milliseconds(cpuMs)} of CPU`;

/** What the gateway adds to a request, beside a bare route in the same runtime, and beside Express. */
export async function benchRequests(
  { url, baselineUrl, pid }: BenchPlatform,
  { authorization }: BenchSession,
  { seconds, turns }: Extent,
): Promise<Finding[]> {
  const express = arePeersInstalled()
    ? await startPeer("express", { JWT_SECRET_KEY: signingKey })
    : undefined;
  const headers = { authorization };
  const bare = () => throughputOf({ url: `${baselineUrl}/bare`, pid }, seconds);
  const session = () => throughputOf({ url: `${url}/api/v1/auth/session`, headers, pid }, seconds);
  const withExpress = ({ greeting, pid: its }: Peer) => ({
    express: () => throughputOf({ url: greeting, headers, pid: its }, seconds),
  });
  try {
    // The compiler needs some thousand requests.
    await Promise.all([bare(), session()]);
    const contenders = { bare, session, ...(express && withExpress(express)) };
    const middle = await byTurns<string, Throughput>(contenders, { turns, rate: (it) => it.perSecond });
    const [ours, plain] = [middle("session"), middle("bare")];
    const what = "authenticated GET without storage work";
    return [
      atLeast(0.65, {
        what,
        measured: shown(ours),
        baseline: `${shown(plain)}: bare Hono route`,
        ratio: ours.perSecond / plain.perSecond,
      }),
      within(cpuGoalMs, `CPU of the runtime for an ${what}`, ours.cpuMs, milliseconds),
      ...(express
        ? [
            {
              what,
              measured: shown(ours),
              baseline: `${shown(middle("express"))}: Express 5 with jsonwebtoken`,
              ratio: ours.perSecond / middle("express").perSecond,
            },
          ]
        : []),
    ];
  } finally {
    express?.stop();
  }
}
