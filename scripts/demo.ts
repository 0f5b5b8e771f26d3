import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import { apiClient } from "#src/client/api-client.ts";
import { LiveTexts } from "#src/realtime/index.ts";
import { askForApproval } from "./demo/approval.ts";
import { type Frame, watchExecutions } from "./demo/live-run.ts";
import { dataOf, makeInstance, signIn } from "./demo/parts.ts";
import { subTasksOf } from "./demo/sub-tasks.ts";
import { livePrinter } from "./demo/terminal.ts";
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
const topic = positionals[0] ?? "the quiet comeback of mechanical watches";

/** Frames of one run, in order, with a way to wait for one of them. */
function runFrames() {
  const frames: Frame[] = [];
  const listeners = new Set<() => void>();
  return {
    add(frame: Frame) {
      frames.push(frame);
      for (const listener of listeners) listener();
    },
    all: frames,
    until(event: string): Promise<Frame> {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`No ${event} within ${patienceMs / 1000} s`)),
          patienceMs,
        );
        const look = () => {
          const found = frames.find((frame) => frame.event === event);
          const failed = frames.find((frame) => frame.event === "execution.failed");
          if (!found && !failed) return;
          clearTimeout(timer);
          listeners.delete(look);
          if (found) resolve(found);
          else reject(new Error(`The run failed: ${JSON.stringify(failed?.data?.error)}`));
        };
        listeners.add(look);
        look();
      });
    },
  };
}

/** Drives the illustrated article end to end against a running server. */
async function drive(baseUrl: string): Promise<void> {
  const token = await signIn(apiClient({ baseUrl }));
  const api = apiClient({ baseUrl, token });
  const instanceId = await makeInstance(api, "Illustrated article");
  const printer = livePrinter(await subTasksOf(api, instanceId));
  const frames = runFrames();
  let runId: string | undefined;
  const early: Frame[] = [];
  const show = (frame: Frame) => {
    if (frame.entity_id !== runId) return;
    frames.add(frame);
    printer.frame(frame);
  };
  const socket = await watchExecutions(baseUrl, token, (frame) =>
    runId === undefined ? early.push(frame) : show(frame),
  );
  printer.heading(`Illustrated article: ${topic}`);
  const started = dataOf(
    await api.POST("/api/v1/personas/instances/{instance_id}/execute", {
      params: { path: { instance_id: instanceId } },
      body: { input: { topic } },
    }),
  );
  runId = started.correlation_id;
  for (const frame of early) show(frame);

  await frames.until("execution.paused");
  printer.heading(
    flags.ask
      ? "The run waits for you."
      : "The demo approves in your place (npm run demo -- --ask asks you).",
  );
  const approved = flags.ask ? await askForApproval() : true;
  const path = { correlation_id: runId };
  dataOf(
    await api.POST("/api/v1/personas/runs/{correlation_id}/resume", {
      params: { path },
      body: { approved, step: "approve", feedback: approved ? "Good work" : "Not like this" },
    }),
  );
  if (!approved) {
    await frames.until("execution.failed");
    socket.close();
    return printer.heading("You rejected it, so the run has ended as failed (WORKFLOW_REJECTED).");
  }
  await frames.until("execution.completed");
  socket.close();

  const run = dataOf(await api.GET("/api/v1/personas/runs/{correlation_id}", { params: { path } }));
  const result = resultSchema.parse(run.result);
  const texts = new LiveTexts();
  for (const frame of frames.all) texts.take(frame);
  if (!texts.all.includes(result.article)) throw new Error("The streamed text is not the text of the result");
  const image = await fetch(`${baseUrl}${result.image_uri}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const png = Buffer.from(await image.arrayBuffer());
  if (!image.ok || png.subarray(1, 4).toString() !== "PNG") throw new Error("The image did not arrive");
  writeFileSync(imageFile, png);

  printer.heading("Result");
  printer.line(result.article);
  printer.heading("Sources");
  for (const { title, url } of result.sources) printer.line(`  ${title}  ${url}`);
  printer.line(`\nReview    passed with ${result.review.score} of 10`);
  printer.line(`Image     ${imageFile} (${png.length} bytes)`);
  printer.line(`Fuel      ${run.fuel.spent} of ${run.fuel.budget}`);
}

/** Runs against `BASE_URL` or the local port, and starts a server for itself when none answers there. */
async function main(): Promise<void> {
  const options = localOptions();
  const baseUrl = process.env.BASE_URL ?? options.baseUrl;
  const answers = await fetch(`${baseUrl}/health`, { signal: AbortSignal.timeout(2000) }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (answers) return drive(baseUrl);
  if (process.env.BASE_URL) throw new Error(`Nothing answers at ${baseUrl}`);
  console.log("No server is running; starting one for the demo …");
  const server = await launch(options);
  try {
    await untilHealthy(server);
    await drive(baseUrl);
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
