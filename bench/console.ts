import { existsSync } from "node:fs";
import { type Browser, type CDPSession, chromium, type Page } from "playwright-core";
import { demo } from "#scripts/local/options.ts";
import type { Extent } from "./extent.ts";
import { largeRun, withStep } from "./large-run.ts";
import { withLocalPlatform } from "./local-platform.ts";
import { type Finding, milliseconds, within } from "./report.ts";

/** How long somebody may wait who comes for the first time: for the form, and, signed in, for the rows of the list. */
const [formGoalMs, rowsGoalMs] = [2500, 3000];
/** How long a plan of so many steps may take to be drawn anew when one of them changes. */
const [steps, changeGoalMs] = [200, 16];

/** Longer than the console takes what it has been told to be true. */
const staleMs = 15_000;

/** A slow telephone's line and processor. */
const line = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 };
const slowdown = 4;

const browserPath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"].find(
  (path) => path !== undefined && existsSync(path),
);

const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** The console in a browser; nothing where there is none. */
export async function benchConsole({ turns }: Extent): Promise<Finding[]> {
  if (!browserPath) {
    console.log("There is no Chromium: how soon the console is there is left out");
    return [];
  }
  const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
  try {
    return await withLocalPlatform(async ({ url }) => {
      const rounds = 2 * turns - 1;
      const { form, rows } = await coldLoads(browser, url, rounds);
      const on = `console, cold, 1.6 Mbit/s, 150 ms, CPU ÷ ${slowdown}`;
      return [
        within(formGoalMs, `${on}: the form`, form, milliseconds),
        within(rowsGoalMs, `${on}: the runs`, rows, milliseconds),
        within(
          changeGoalMs,
          `console: a step of ${steps} changes`,
          await changeOfAStep(browser, url, rounds),
          milliseconds,
        ),
      ];
    });
  } finally {
    await browser.close();
  }
}

async function slow(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  await session.send("Network.emulateNetworkConditions", line);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
}

/** How long it takes until something is on a page that nobody has been to. */
async function until(page: Page, path: string, sign: (page: Page) => Promise<unknown>): Promise<number> {
  await slow(page);
  const begun = performance.now();
  await page.goto(path);
  await sign(page);
  return performance.now() - begun;
}

async function coldLoads(browser: Browser, url: string, rounds: number) {
  const form: number[] = [];
  const rows: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const context = await browser.newContext({ baseURL: url });
    form.push(
      await until(await context.newPage(), "/console/sign-in", (page) => page.getByLabel("E-mail").waitFor()),
    );
    const page = await context.newPage();
    await signIn(page);
    // The same cookie, and nothing else that is kept.
    const again = await context.newPage();
    rows.push(
      await until(again, "/console/runs", () =>
        again.getByRole("table", { name: "Runs" }).getByRole("link").first().waitFor(),
      ),
    );
    await context.close();
  }
  return { form: medianOf(form), rows: medianOf(rows) };
}

/** What of a page has been computed, in milliseconds: scripts, styles and places. */
async function computed(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  const parts = ["ScriptDuration", "RecalcStyleDuration", "LayoutDuration"];
  return metrics.reduce((sum, { name, value }) => sum + (parts.includes(name) ? value * 1000 : 0), 0);
}

/** What it costs a page with a large run that it is told of another status of one step. */
async function changeOfAStep(browser: Browser, url: string, rounds: number): Promise<number> {
  const context = await browser.newContext({ baseURL: url });
  const page = await context.newPage();
  await signIn(page);
  let run = await largeRun(url, steps);
  await page.route(`**/api/v1/personas/runs/${run.correlation_id}`, (route) => route.fulfill({ json: run }));
  await page.goto(`/console/runs/${run.correlation_id}?step=step1`);
  const box = page.getByRole("region", { name: "Plan as a graph" }).getByRole("button", { name: /^step0/ });
  await box.waitFor();
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable");
  const costs: number[] = [];
  for (let round = 0; round < rounds + 1; round++) {
    const status = round % 2 === 0 ? "running" : "completed";
    run = withStep(run, "step0", status);
    // What is shown is asked for again when it is looked at, once it is older than the console takes it to be true.
    await page.clock.setFixedTime(Date.now() + (round + 1) * staleMs);
    const before = await computed(session);
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))");
    await box.and(page.getByRole("button", { name: statusWords[status] })).waitFor();
    costs.push((await computed(session)) - before);
  }
  await context.close();
  // The first one has yet to be compiled.
  return medianOf(costs.slice(1));
}

const statusWords = { running: /Running/, completed: /Completed/ } as const;

async function signIn(page: Page): Promise<void> {
  const [, { email, password }] = demo.accounts;
  await page.goto("/console/sign-in");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: "Runs", exact: true }).first().waitFor();
}
