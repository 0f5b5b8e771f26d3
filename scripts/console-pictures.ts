import { join, resolve } from "node:path";
import { chromium, type Page } from "playwright-core";
import { demo, localOptions } from "./local/options.ts";

/**
 * `npm run console:pictures`: takes the documents' pictures of the console, from what `npm start` has opened on a new
 * `STATE_DIR`. `CHROMIUM` is the browser.
 */
const baseURL = process.env.BASE_URL ?? localOptions().baseUrl;
const folder = resolve(import.meta.dirname, "../docs/pictures");
const [admin, user] = demo.accounts;

interface Picture {
  name: string;
  of: typeof admin | typeof user;
  look?: { colorScheme: "dark" } | { viewport: { width: number; height: number } };
  /** Leads to the page, to where it has all that it shows. */
  open: (page: Page) => Promise<void>;
}

const openRun = (status: "paused" | "failed") => async (page: Page) => {
  await page.goto(`/console/runs?status=${status}`);
  await page.getByRole("table", { name: "Runs" }).getByRole("link").first().click();
  await page.getByRole("region", { name: "Plan as a graph" }).getByRole("button").first().waitFor();
};

const pictures: readonly Picture[] = [
  { name: "run", of: user, open: openRun("paused") },
  { name: "run-phone", of: user, look: { viewport: { width: 390, height: 844 } }, open: openRun("paused") },
  { name: "failed-dark", of: user, look: { colorScheme: "dark" }, open: openRun("failed") },
  {
    name: "inbox",
    of: user,
    open: async (page) => {
      await page.goto("/console/inbox");
      await page.getByRole("heading", { name: "Do you approve the article?" }).waitFor();
    },
  },
  {
    name: "conversation",
    of: user,
    open: async (page) => {
      await page.goto("/console/conversations");
      await page.getByRole("log").getByText("Keep what proves useful").waitFor();
    },
  },
  {
    name: "editor",
    of: admin,
    open: async (page) => {
      await page.goto("/console/templates");
      await page.getByRole("link", { name: "Illustrated article" }).click();
      await page.getByText(/^Valid/).waitFor();
    },
  },
  {
    name: "dashboard",
    of: admin,
    open: async (page) => {
      await page.goto("/console/admin");
      await page.getByRole("img", { name: "Runs by day" }).waitFor();
      await page.getByRole("table", { name: "Queues" }).waitFor();
    },
  },
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
try {
  for (const { name, of, look, open } of pictures) {
    const viewport = { width: 1440, height: 900 };
    const context = await browser.newContext({ baseURL, viewport, reducedMotion: "reduce", ...look });
    const page = await context.newPage();
    await page.goto("/console/sign-in");
    await page.getByLabel("E-mail").fill(of.email);
    await page.getByLabel("Password", { exact: true }).fill(of.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL((url) => !url.pathname.endsWith("/sign-in"));
    await open(page);
    await page.waitForLoadState("networkidle");
    const path = join(folder, `console-${name}.png`);
    await page.screenshot({ path, animations: "disabled" });
    console.log(path);
    await context.close();
  }
} finally {
  await browser.close();
}
