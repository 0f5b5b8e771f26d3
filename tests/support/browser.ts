import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { z } from "zod";

const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"];

/** The browser of this machine; undefined where there is none. */
export const browserPath = places.find((path) => path !== undefined && existsSync(path));

if (!browserPath && process.env.REQUIRE_BROWSER)
  throw new Error("There is no Chromium, and REQUIRE_BROWSER is set");
if (!browserPath)
  console.log("There is no Chromium (CHROMIUM, /usr/bin/chromium): the console's walk is left out");

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });

/** What must not happen on any page: each is told once, with where it was. */
export interface Offences {
  told: string[];
  /** Requests that are expected to be refused, by a part of their address. */
  expected: RegExp[];
}

/** In a page: what its policy has refused is an error like any other. */
const tellOfPolicy = `addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) =>
  console.error("policy: " + [violatedDirective, blockedURI, sourceFile].join(" ")))`;

/** A browser of somebody's, which remembers what its pages do wrong. */
export async function visitor(browser: Browser, baseUrl: string) {
  const context = await browser.newContext({ baseURL: baseUrl, viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(15_000);
  const offences: Offences = { told: [], expected: [] };
  await context.addInitScript({ content: tellOfPolicy });
  context.on("page", (page) => watch(page, baseUrl, offences));
  return { context, offences, page: await context.newPage() };
}

function watch(page: Page, baseUrl: string, offences: Offences): void {
  const { told } = offences;
  page.on("pageerror", ({ message }) => told.push(`${page.url()}: ${message}`));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    const { url } = message.location();
    if (!offences.expected.some((pattern) => pattern.test(url)))
      told.push(`${page.url()}: ${message.text()} ${url}`);
  });
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== "blob:" && origin !== baseUrl) told.push(`${page.url()}: asks ${request.url()}`);
  });
}

export async function signIn(
  page: Page,
  { email, password }: { email: string; password: string },
): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const foundSchema = z.array(z.string());

/** What axe finds on a page as it is now. It runs in a world of its own: the page's policy lets it in nowhere else. */
async function violations(context: BrowserContext, page: Page): Promise<string[]> {
  const session = await context.newCDPSession(page);
  try {
    const { frameTree } = await session.send("Page.getFrameTree");
    const { executionContextId: contextId } = await session.send("Page.createIsolatedWorld", {
      frameId: frameTree.frame.id,
      worldName: "axe",
    });
    await session.send("Runtime.evaluate", { contextId, expression: axeSource });
    const expression = `axe.run(document, { runOnly: ${JSON.stringify(rules)} }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html }) => id + ": " + html.slice(0, 160))))`;
    const { result } = await session.send("Runtime.evaluate", {
      contextId,
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    return foundSchema.parse(result.value);
  } finally {
    await session.detach();
  }
}

const looks = [
  { theme: "light", width: 1440, height: 900 },
  { theme: "dark", width: 1440, height: 900 },
  { theme: "light", width: 390, height: 844 },
  { theme: "dark", width: 390, height: 844 },
] as const;

/** What is wrong with a page as it is now: for who cannot see it well, and where it is wider than its window. */
export async function faultsOf(context: BrowserContext, page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const { theme, width, height } of looks) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height });
    const found = await violations(context, page);
    if (await page.evaluate("document.documentElement.scrollWidth > innerWidth"))
      found.push("wider than its window");
    faults.push(...found.map((fault) => `${new URL(page.url()).pathname} ${theme} ${width}: ${fault}`));
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: null });
  await page.setViewportSize({ width: 1440, height: 900 });
  return faults;
}
