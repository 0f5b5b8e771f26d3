import { z } from "zod";
import { dataOf } from "../scripts/demo/parts.ts";
import { demo } from "../scripts/local/options.ts";
import { seedDemo } from "../scripts/local/seed-demo.ts";
import { apiClient } from "../src/client/api-client.ts";
import { database } from "../src/db/client.ts";
import { planSchema } from "../src/workflows/plan.ts";
import { fillHistory } from "./history.ts";
import { timed } from "./load.ts";
import { startPlatform } from "./platform.ts";
import { type Finding, milliseconds, perSecond, table } from "./report.ts";
import { requestsPerSecond } from "./throughput.ts";

const quick = process.argv.includes("--quick");
const seconds = quick ? 2 : 6;
const rounds = quick ? 20 : 60;
const parallelRuns = quick ? 30 : 100;

/** Three text steps, one after the other; the plan that the Cloudflare Workflow of the baseline has too. */
const threeSteps = planSchema.parse({
  start_step: "outline",
  steps: {
    outline: { action: "ai_text_generate", input: { prompt: "outline" }, next_step: "draft" },
    draft: { action: "ai_text_generate", input: { prompt: "draft" }, next_step: "polish" },
    polish: { action: "ai_text_generate", input: { prompt: "polish" } },
  },
});

const runSchema = z.object({ status: z.string() });

const platform = await startPlatform();
try {
  const { url, gateway, baseline } = platform;
  await seedDemo(database((await platform.harness.getWorker<{ DB: D1Database }>().getEnv()).DB));
  const signIn = async ({ email, password }: { email: string; password: string }) =>
    dataOf(await apiClient({ baseUrl: url }).POST("/api/v1/auth/login", { body: { email, password } }))
      .access_token;
  const token = await signIn(demo.accounts[0]);
  const api = apiClient({ baseUrl: url, token });
  const template = dataOf(
    await api.POST("/api/v1/templates", {
      body: {
        name: "Three steps",
        description: "",
        category: "bench",
        config: { model: "claude-haiku-5-5", workflow: threeSteps },
      },
    }),
  );
  const instance = dataOf(
    await api.POST("/api/v1/personas/instances", { body: { template_id: template.id, name: "Bench" } }),
  );
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const execute = async () => {
    const answer = await gateway.fetch(`/api/v1/personas/instances/${instance.id}/execute?wait=25`, {
      method: "POST",
      headers,
      body: JSON.stringify({ input: {} }),
    });
    const { status } = runSchema.parse(await answer.json());
    if (status !== "completed") throw new Error(`the run is ${status}`);
  };
  const post = (path: string) => async () => {
    const answer = await baseline.fetch(`http://baseline.test${path}`, { method: "POST" });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    await answer.text();
  };

  const findings: Finding[] = [];

  const bare = await requestsPerSecond(`${url}/bare`, { host: "baseline.test" }, seconds);
  const authenticated = await requestsPerSecond(
    `${url}/api/v1/auth/session`,
    { authorization: headers.authorization },
    seconds,
  );
  findings.push({
    what: "authenticated GET without storage work",
    measured: perSecond(authenticated),
    baseline: `${perSecond(bare)} bare Hono route`,
    ratio: authenticated / bare,
    goal: "≥ 0.6",
    met: authenticated / bare >= 0.6,
  });

  const hop = await timed(post("/hop"), { count: rounds, warmUp: 5 });
  const run = await timed(execute, { count: rounds, warmUp: 5 });
  findings.push({
    what: "three-step run, one at a time (median)",
    measured: milliseconds(run.median),
    baseline: `${milliseconds(hop.median)} bare Durable Object + queue hop`,
    ratio: run.median / hop.median,
    goal: "≤ 10",
    met: run.median / hop.median <= 10,
  });

  const workflow = await timed(post("/workflow"), { count: rounds, warmUp: 5 });
  findings.push({
    what: "three-step run, one at a time (median)",
    measured: milliseconds(run.median),
    baseline: `${milliseconds(workflow.median)} Cloudflare Workflow`,
    ratio: run.median / workflow.median,
    goal: "≤ 1",
    met: run.median <= workflow.median,
  });

  const runs = await timed(execute, { count: parallelRuns, concurrency: parallelRuns });
  const workflows = await timed(post("/workflow"), { count: parallelRuns, concurrency: parallelRuns });
  findings.push({
    what: `three-step runs, ${parallelRuns} at once`,
    measured: perSecond(runs.perSecond),
    baseline: `${perSecond(workflows.perSecond)} Cloudflare Workflows`,
    ratio: runs.perSecond / workflows.perSecond,
    goal: "≥ 3",
    met: runs.perSecond / workflows.perSecond >= 3,
  });

  const made = async (name: string) =>
    dataOf(await api.POST("/api/v1/personas/instances", { body: { template_id: template.id, name } }));
  const [short, long] = [await made("Short history"), await made("Long history")];
  await fillHistory(platform, short, 10);
  await fillHistory(platform, long, 100_000);
  for (const list of ["history", "logs"]) {
    const page = (instanceId: string) => async () => {
      const path = `/api/v1/personas/instances/${instanceId}/${list}?limit=10`;
      const answer = await gateway.fetch(path, { headers: { authorization: headers.authorization } });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
      await answer.text();
    };
    const few = await timed(page(short.id), { count: rounds, warmUp: 5 });
    const many = await timed(page(long.id), { count: rounds, warmUp: 5 });
    findings.push({
      what: `a page of ${list} among 100 000 runs (median)`,
      measured: milliseconds(many.median),
      baseline: `${milliseconds(few.median)} among 10`,
      ratio: many.median / few.median,
      goal: "≤ 1.5",
      met: many.median / few.median <= 1.5,
    });
  }

  console.log(`\n${table(findings)}\n`);
} finally {
  await platform.stop();
}
