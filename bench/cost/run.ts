import { resolve } from "node:path";
import { personaClient } from "#client/index.ts";
import { demo } from "#scripts/local/options.ts";
import { textSteps } from "../plans.ts";
import { startPlatform } from "../platform.ts";
import { cpuMs } from "../processes.ts";
import { startSession } from "../session.ts";
import { billOf, printedBill } from "./bill.ts";
import { type Counts, ofEachRun, together } from "./meters.ts";
import { priceSources, pricesReadAt } from "./prices.ts";

/** Runs that a cost is the mean of, one after the other: what many at once share makes each cheaper. */
const runs = 4;
/** Runs that CPU is measured of. */
const atOnce = 20;
/** All that are made, with the first one, which finds what is done once for ever: no more than an alarm archives. */
const allRuns = 1 + 2 * (runs + atOnce);

const counting = ["gateway", "objects", "agents", "events"] as const;
const entry = (name: string) => resolve(import.meta.dirname, `workers/${name}/index.ts`);
const pause = (ms: number) => new Promise((settle) => setTimeout(settle, ms));

const platform = await startPlatform({
  entries: Object.fromEntries([...counting, "sandbox"].map((name) => [name, entry(name)])),
});

async function countsNow(): Promise<Counts> {
  const answers = counting.map(async (name): Promise<Counts> => {
    const answer = await fetch(`${await platform.urlOf(name)}/counts`);
    return answer.json();
  });
  return together(await Promise.all(answers));
}

/**
 * The counts once nothing has been counted for longer than any delivery waits. What a hub does meanwhile, waiting for
 * somebody to watch, is not in them.
 */
async function countsAtRest(): Promise<Counts> {
  let [last, since] = [JSON.stringify(await countsNow()), Date.now()];
  while (Date.now() - since < 6000) {
    await pause(500);
    const counts = JSON.stringify(await countsNow());
    if (counts !== last) [last, since] = [counts, Date.now()];
  }
  return countsNow();
}

/** What each of so many runs takes of all that is counted meanwhile. */
async function costsOf(runs: number, work: () => Promise<void>): Promise<Counts> {
  const before = await countsAtRest();
  await work();
  const { objectBytes: _, databaseBytes: __, ...counts } = ofEachRun(runs, before, await countsAtRest());
  return counts;
}

/** `npm run cost`: what a run of three texts takes and costs at list prices; ends with 1 when that is too much. */
try {
  const { instanceOf, begin, token } = await startSession(platform);
  const instance = await instanceOf("Three texts", textSteps(3));
  const database = await platform.database();
  const statusOf = (runId: string) =>
    database.prepare("SELECT status FROM runs WHERE correlation_id = ?").bind(runId).first("status");
  const carryOut = async () => {
    const runId = await begin(instance);
    while ((await statusOf(runId)) !== "completed") await pause(500);
  };
  const oneByOne = async () => {
    for (let run = 0; run < runs; run++) await carryOut();
  };
  /** CPU of the runtime for a run among many: more than the Workers', since the local D1, R2 and queues are in it. */
  const cpuOfRun = async () => {
    const before = cpuMs(platform.pid);
    await Promise.all(Array.from({ length: atOnce }, carryOut));
    return { cpuMilliseconds: { "the whole local runtime": (cpuMs(platform.pid) - before) / atOnce } };
  };
  const typical = async () => together([await costsOf(runs, oneByOne), await cpuOfRun()]);
  await carryOut();
  const first = await countsAtRest();

  const unwatched = await typical();

  let frames = 0;
  const socket = personaClient({ baseUrl: platform.url, token }).realtime.connect();
  socket.on("execution.*", ({ event }) => {
    if (event === "execution.delta") frames++;
  });
  await socket.ready;
  const watched = await typical();
  socket.close();

  // Pages are shared and freed again: only of many runs can it be told what one keeps.
  const { objectBytes, databaseBytes } = ofEachRun(allRuns - 1, first, await countsAtRest());
  const kept: Counts = { objectBytes, databaseBytes };

  const archiving = await costsOf(allRuns, async () => {
    await fetch(`${await platform.urlOf("objects")}/month?tenant=${demo.clientId}`);
  });
  const bills = {
    "A run of three texts that nobody watches": together([unwatched, kept, archiving]),
    [`A run of three texts that a socket watches (${Math.round(frames / (runs + atOnce))} frames of text)`]:
      together([watched, kept, archiving]),
  };

  console.log(`\nList prices of ${pricesReadAt}, beyond what a plan includes: ${priceSources.join(", ")}.\n`);
  for (const [title, counts] of Object.entries(bills)) console.log(`${printedBill(title, counts)}\n`);
  if (Object.values(bills).some((counts) => !billOf(counts).isWithinGoal)) process.exitCode = 1;
} finally {
  await platform.stop();
}
