import { LiveTexts, type PlatformEvent, type Run } from "#client/index.ts";
import { makeInstance, signInDemoUser } from "./parts.ts";

/** What one way of watching has told: how the steps went, in order, and the texts as they stood in the end. */
interface Told {
  steps: string[];
  texts: Map<string, string>;
}

const ways = ["REST polling", "server-sent events", "WebSocket"] as const;
const width = 34;
const pollMs = 100;
const patienceMs = 60_000;

/** Prints what a way of watching has heard in its column. */
const show = (way: number, words: string) =>
  console.log(`${" ".repeat(way * width)}${words.slice(0, width - 2)}`);

/** Notes an event, if it is one that the run itself shows as well. */
function note(told: Told, way: number, event: PlatformEvent): void {
  if (event.event === "execution.progress") add(told, way, `${event.data.step} ${event.data.status}`);
}

function add(told: Told, way: number, step: string): void {
  if (told.steps.includes(step)) return;
  told.steps.push(step);
  show(way, step);
}

/** Asks how the run stands, again and again: what lies between two answers is not seen. */
async function byPolling(run: Run, signal: AbortSignal): Promise<Told> {
  const told: Told = { steps: [], texts: new Map() };
  for (;;) {
    const { status, steps } = await run.view({ signal });
    for (const { name, status: state, output } of steps) {
      if (state !== "pending") add(told, 0, `${name} ${state}`);
      if (typeof output === "object" && output !== null && "text" in output)
        told.texts.set(name, String(output.text));
    }
    if (status === "completed") return told;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function byServerSentEvents(run: Run, signal: AbortSignal): Promise<Told> {
  const told: Told = { steps: [], texts: new Map() };
  const events = async () => {
    for await (const event of run.events({ signal })) note(told, 1, event);
  };
  const texts = async () => {
    for await (const { step, text } of run.text({ signal })) told.texts.set(step, text);
  };
  await Promise.all([events(), texts()]);
  return told;
}

/** @param events of everything, from before the run began: of a text that is over there is nothing to watch */
async function bySocket(events: AsyncIterable<PlatformEvent>, run: Run): Promise<Told> {
  const told: Told = { steps: [], texts: new Map() };
  const texts = new LiveTexts();
  for await (const event of events) {
    if (event.entity_id !== run.id) continue;
    note(told, 2, event);
    const update = texts.take(event);
    if (update) told.texts.set(update.step, update.text);
    if (event.event === "execution.completed") break;
  }
  return told;
}

/** Executes a persona and watches it in three ways at once; each tells the same, or the demo fails. */
export async function watchThreeWays(baseUrl: string, topic: string): Promise<void> {
  const client = await signInDemoUser(baseUrl);
  const instanceId = await makeInstance(client.api, "Researcher");
  const signal = AbortSignal.timeout(patienceMs);
  const socket = client.realtime.connect({ signal });
  const heard = socket.events("execution.*");
  await socket.ready;
  const run = await client.runs.execute(instanceId, { input: { topic } });
  console.log(ways.map((way) => way.padEnd(width)).join(""));
  const all = await Promise.all([
    byPolling(run, signal),
    byServerSentEvents(run, signal),
    bySocket(heard, run),
  ]);
  socket.close();
  const endings = all.map(({ steps, texts }) =>
    JSON.stringify([steps.filter((step) => step.endsWith(" completed")).sort(), [...texts].sort()]),
  );
  if (new Set(endings).size !== 1) throw new Error(`They have not told the same:\n${endings.join("\n")}`);
  const length = [...(all[0]?.texts.values() ?? [])].reduce((sum, text) => sum + text.length, 0);
  console.log(
    `\nAll three have told the same: ${all[0]?.steps.length} steps, texts of ${length} characters.`,
  );
}
