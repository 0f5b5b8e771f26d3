import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { demo } from "#scripts/local/options.ts";
import { pageBefore } from "../support/page-before.ts";

/** Debian's. */
const chromium = "/usr/bin/chromium";

const root = resolve(import.meta.dirname, "../..");
const place = mkdtempSync(join(tmpdir(), "persona-client-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** What somebody has who has installed the package that `npm run client` packs. */
beforeAll(() => {
  execFileSync("npm", ["run", "-s", "client:pack", "--", place], { cwd: root, stdio: "pipe" });
  const [archive = ""] = readdirSync(place).filter((name) => name.endsWith(".tgz"));
  const installed = join(place, "node_modules/@persona-edge/client");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(place, archive), "-C", installed, "--strip-components=1"]);
  for (const name of ["openapi-fetch", "openapi-typescript-helpers"])
    symlinkSync(join(root, "node_modules", name), join(place, "node_modules", name), "dir");
});

/** The example of client/README.md, which signs in, executes a persona and watches it. */
const example = () => examples()[0]?.replaceAll("http://127.0.0.1:8787", inject("baseUrl")) ?? "";

const examples = () =>
  [...readFileSync(join(root, "client/README.md"), "utf8").matchAll(/```ts\n([\s\S]*?)```/g)].map(
    ([, code = ""]) => code,
  );

/** What the README's further examples leave to whoever reads them. */
const surroundings = `
  import { personaClient } from "@persona-edge/client";
  const { conversations, realtime, runs } = personaClient({ baseUrl: "https://personas.example" });
  const run = runs.of("run");
  const instance = { id: "instance" };
  declare function show(...things: unknown[]): void;
  const [reload, note, draw] = [show, show, show];
`;

const bundleOf = async (code: string, name: string): Promise<string> => {
  const entry = join(place, `${name}.ts`);
  const outfile = join(place, `${name}.bundle.js`);
  writeFileSync(entry, code);
  await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    outfile,
  });
  return outfile;
};

describe("The client's package", () => {
  it("has its types, which a program of somebody's is checked by", () => {
    const [first = "", ...others] = examples();
    writeFileSync(join(place, "program.ts"), first);
    writeFileSync(join(place, "listener.ts"), surroundings + others.join(""));
    writeFileSync(
      join(place, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          module: "nodenext",
          target: "es2024",
          lib: ["es2024", "dom", "dom.iterable", "dom.asynciterable"],
          types: ["node"],
          typeRoots: [join(root, "node_modules/@types")],
        },
        files: ["program.ts", "listener.ts"],
      }),
    );
    writeFileSync(join(place, "package.json"), JSON.stringify({ type: "module" }));
    const { stdout, status } = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", place], {
      encoding: "utf8",
    });
    expect(status, stdout).toBe(0);
  });

  it("takes less than 12 KB of a page, with everything", async () => {
    const bundle = await bundleOf('export * from "@persona-edge/client";', "everything");
    expect(gzipSync(readFileSync(bundle)).length).toBeLessThan(12 * 1024);
  });

  it("depends on openapi-fetch alone", () => {
    const manifest = JSON.parse(readFileSync(join(root, "client/package.json"), "utf8"));
    expect(Object.keys(manifest.dependencies)).toEqual(["openapi-fetch"]);
  });

  it("does in Node what its README says", () => {
    writeFileSync(join(place, "example.mts"), example());
    const { status, stdout, stderr } = spawnSync(join(root, "node_modules/.bin/node"), ["example.mts"], {
      cwd: place,
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/# Tea[\s\S]+completed/);
  });

  it.skipIf(!existsSync(chromium))("does the same in Chromium", async () => {
    const { email, password } = demo.accounts[1];
    const code = `import { signIn } from "@persona-edge/client";
      const say = (told) => fetch("/told", { method: "POST", body: JSON.stringify(told) });
      try {
        const { api, runs, realtime } = await signIn(${JSON.stringify({ email, password })}, { baseUrl: location.origin });
        const socket = realtime.connect();
        const events = socket.events("execution.*");
        await socket.ready;
        const { data } = await api.GET("/api/v1/personas/templates");
        const { id: template_id } = data.templates.find(({ name }) => name === "Copywriter");
        const made = await api.POST("/api/v1/personas/instances", { body: { template_id, name: "In a page" } });
        const run = await runs.execute(made.data.id, { input: { topic: "tea" } });
        let text = "";
        for await (const update of run.text()) text = update.text;
        const names = [];
        for await (const { event } of events) if (names.push(event) && event === "execution.completed") break;
        const { result } = await run.result();
        await say({ isSame: text === result.text, names });
      } catch (error) { await say({ failed: String(error) }); }`;
    const script = readFileSync(await bundleOf(code, "page"), "utf8");
    const page = await pageBefore(inject("baseUrl"), `<script type="module">${script}</script>`);
    const browser = spawn(chromium, ["--headless", "--no-sandbox", "--disable-gpu", page.url], {
      stdio: "ignore",
    });
    try {
      const told = JSON.parse(await page.told);
      expect(told).toMatchObject({ isSame: true, names: expect.arrayContaining(["execution.started"]) });
    } finally {
      browser.kill();
      page.close();
    }
  });
});
