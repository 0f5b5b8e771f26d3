import type { Extent } from "./extent.ts";
import { canCountFsyncs, countFsyncs } from "./fsyncs.ts";
import { byTurns, type Load, type Timing, timed, warm } from "./load.ts";
import { arePeersInstalled, type Peer, startPeer } from "./peers.ts";
import type { BenchPlatform } from "./platform.ts";
import { startPostgres } from "./postgres.ts";
import { atLeast, type Finding, milliseconds, perSecond, within } from "./report.ts";
import type { BenchSession } from "./session.ts";

/** What three instant steps may take, one run at a time, and how often they may wait for the disk. */
const [aloneGoalMs, fsyncGoal] = [5, 5];

const names = {
  hop: "bare hop (a request, an object, a queue, its consumer, the object)",
  workflow: "Cloudflare Workflow",
  dbos: "DBOS with PostgreSQL",
  langgraph: "LangGraph with PostgreSQL",
};
type PeerName = "dbos" | "langgraph";

/** The peers that keep their state in PostgreSQL; none where they or it are not installed. */
async function startPeers(): Promise<{ peers: [PeerName, Peer][]; stop(): Promise<void> }> {
  const postgres = arePeersInstalled() ? await startPostgres() : undefined;
  if (postgres === undefined) {
    console.error("No PostgreSQL is installed: the rows of DBOS and LangGraph are left out");
    return { peers: [], stop: async () => {} };
  }
  const start = async (name: PeerName): Promise<[PeerName, Peer]> => [
    name,
    await startPeer(name, { DATABASE_URL: postgres.url }),
  ];
  const peers = [await start("dbos"), await start("langgraph")];
  return {
    peers,
    stop: async () => {
      for (const [, peer] of peers) peer.stop();
      await postgres.stop();
    },
  };
}

/**
 * The same three steps with an instant provider, started by a call of a bare Worker; the peers by a call within their process.
 * Beside them the way that any durable task has to go on this runtime, without anything being kept: the floor.
 */
export async function benchOrchestrator(
  { pid }: BenchPlatform,
  { directRun, baselineCall }: BenchSession,
  { rounds, parallelRuns, turns }: Extent,
): Promise<Finding[]> {
  const workflow = baselineCall("/workflow/instant");
  const hop = baselineCall("/hop");
  const { peers, stop } = await startPeers();
  const by = (load: Load) =>
    byTurns<string, Timing>(
      {
        ours: () => timed(directRun, load),
        hop: () => timed(hop, load),
        workflow: () => timed(workflow, load),
        ...Object.fromEntries(peers.map(([name, peer]) => [name, () => peer.timed(load)])),
      },
      { turns, rate: (timing) => timing.perSecond },
    );
  try {
    await warm(directRun, hop, workflow);
    for (const [, peer] of peers) await peer.timed({ count: 200, concurrency: 20 });
    const alone = await by({ count: rounds });
    const many = await by({ count: 3 * parallelRuns, concurrency: parallelRuns });
    const others = ["hop" as const, "workflow" as const, ...peers.map(([name]) => name)];
    const oneRun = "orchestrator: three instant steps, one run at a time (median)";
    const ours = alone("ours").median;
    const rate = many("ours").perSecond;
    const goals = { hop: undefined, workflow: 4, dbos: 1, langgraph: undefined };
    return [
      within(aloneGoalMs, oneRun, ours, milliseconds),
      ...others.map((name) => ({
        what: oneRun,
        measured: milliseconds(ours),
        baseline: `${milliseconds(alone(name).median)} ${names[name]}`,
        ratio: ours / alone(name).median,
      })),
      ...others.map((name) => {
        const finding = {
          what: `orchestrator: three instant steps, ${parallelRuns} runs at once`,
          measured: perSecond(rate),
          baseline: `${perSecond(many(name).perSecond)} ${names[name]}`,
          ratio: rate / many(name).perSecond,
        };
        const goal = goals[name];
        return goal === undefined ? finding : atLeast(goal, finding);
      }),
      ...(canCountFsyncs()
        ? [
            within(
              fsyncGoal,
              "fsyncs of a run of three instant steps",
              (await countFsyncs(pid, () => timed(directRun, { count: rounds }))) / rounds,
              (value) => value.toFixed(1),
            ),
          ]
        : []),
    ];
  } finally {
    await stop();
  }
}
