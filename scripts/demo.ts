import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import type { PlatformEvent, Run } from "#client/index.ts";
import { askForApproval } from "./demo/approval.ts";
import { talk } from "./demo/chat.ts";
import { makeInstance, signInDemoUser } from "./demo/parts.ts";
import { keepShop } from "./demo/shop.ts";
import { subTasksOf } from "./demo/sub-tasks.ts";
import { livePrinter } from "./demo/terminal.ts";
import { watchThreeWays } from "./demo/watch.ts";
import { launch } from "./local/launch.ts";
import { localOptions } from "./local/options.ts";
import { stopServer, untilHealthy } from "./local/server.ts";

/** What the illustrated article must come to; anything less fails the demo. */
const resultSchema = z.object({
  article: z.string().min(1),
  image_uri: z.string().startsWith("/api/v1/images/"),
  sources: z.array(z.object({ title: z.string(), url: z.string() })).min(1),
  review: z.object({ review_passed: z.literal(true), score: z.number() }),
});

const imageFile = "demo-image.png";
const patienceMs = 60_000;
const { values: flags, positionals } = parseArgs({
  options: { ask: { type: "boolean", default: false } },
  allowPositionals: true,
});
const given = positionals[0] === "watch" ? positionals[1] : positionals[0];
const topic = given ?? "the quiet comeback of mechanical watches";

/** Follows a run to its end, and answers it where it waits. Gives whether it was approved. */
async function follow(
  run: Run,
  events: AsyncIterable<PlatformEvent>,
  printer: ReturnType<typeof livePrinter>,
): Promise<boolean> {
  let approved = true;
  for await (const event of events) {
    if (event.entity_id !== run.id) continue;
    printer.event(event);
    if (/\.(completed|failed|cancelled)$/.test(event.event)) break;
    if (event.event !== "execution.paused") continue;
    printer.heading(
      flags.ask
        ? "The run waits for you."
        : "The demo approves in your place (npm run demo -- --ask asks you).",
    );
    approved = flags.ask ? await askForApproval() : true;
    if (approved) await run.approve({ step: "approve", feedback: "Good work" });
    else await run.reject({ step: "approve", feedback: "Not like this" });
  }
  return approved;
}

/** What else the demo shows, by its name. */
const others: Partial<Record<string, (baseUrl: string, topic: string) => Promise<void>>> = {
  chat: talk,
  shop: keepShop,
  watch: watchThreeWays,
};

/** Drives the illustrated article end to end against a running server. */
async function drive(baseUrl: string, topic: string): Promise<void> {
  const client = await signInDemoUser(baseUrl);
  const instanceId = await makeInstance(client.api, "Illustrated article");
  const printer = livePrinter(await subTasksOf(client.api, instanceId));
  printer.heading(`Illustrated article: ${topic}`);
  // A person may take their time.
  const socket = client.realtime.connect({ signal: flags.ask ? undefined : AbortSignal.timeout(patienceMs) });
  // Listened to before it begins: of a text that is over already there is nothing to watch.
  const events = socket.events("execution.*");
  await socket.ready;
  const run = await client.runs.execute(instanceId, { input: { topic } });
  const approved = await follow(run, events, printer);
  socket.close();
  if (!approved) {
    const { error } = await run.view();
    return printer.heading(`You rejected it, so the run has ended as failed (${error?.code}).`);
  }
  const { result: given, fuel } = await run.result();
  const result = resultSchema.parse(given);
  if (!printer.texts.all.includes(result.article))
    throw new Error("The streamed text is not the text of the result");
  const image = await client.fetch(new Request(`${baseUrl}${result.image_uri}`));
  const png = Buffer.from(await image.arrayBuffer());
  if (!image.ok || png.subarray(1, 4).toString() !== "PNG") throw new Error("The image did not arrive");
  writeFileSync(imageFile, png);

  printer.heading("Result");
  printer.line(result.article);
  printer.heading("Sources");
  for (const { title, url } of result.sources) printer.line(`  ${title}  ${url}`);
  printer.line(`\nReview    passed with ${result.review.score} of 10`);
  printer.line(`Image     ${imageFile} (${png.length} bytes)`);
  printer.line(`Fuel      ${fuel.spent} of ${fuel.budget}`);
}

/** Runs against `BASE_URL` or the local port, and starts a server for itself when none answers there. */
async function main(): Promise<void> {
  const options = localOptions();
  const baseUrl = process.env.BASE_URL ?? options.baseUrl;
  const answers = await fetch(`${baseUrl}/health`, { signal: AbortSignal.timeout(2000) }).then(
    ({ ok }) => ok,
    () => false,
  );
  const [name = ""] = positionals;
  const show = (Object.hasOwn(others, name) ? others[name] : undefined) ?? drive;
  if (answers) return show(baseUrl, topic);
  if (process.env.BASE_URL) throw new Error(`Nothing answers at ${baseUrl}`);
  console.log("No server is running; starting one for the demo …");
  const server = await launch(options);
  try {
    await untilHealthy(server);
    await show(baseUrl, topic);
  } finally {
    await stopServer(server);
  }
}

try {
  await main();
  process.exit(0);
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
