import { describe, expect, it } from "vitest";
import { cyclesIn, graphOf, type SourceFile, sourceFiles } from "./imports.ts";

const files = sourceFiles("src", "durable-objects", "workers");

/** The client library's own files, without what `npm run client` writes. */
const clientFiles = sourceFiles("client/src").filter(({ path }) => !/\/(api|event)-types\.ts$/.test(path));

/** The folder of `src` that a file is in; other files are none of the house's rooms. */
const folderOf = ({ path }: Pick<SourceFile, "path">): string | undefined =>
  /^src\/([^/]+)\//.exec(path)?.[1];

const clients = [
  { name: "console", least: 20 },
  { name: "widget", least: 8 },
].map((each) => ({ ...each, own: sourceFiles(each.name) }));

const offending = (from: string, wrong: (target: string, file: SourceFile) => boolean) =>
  files
    .filter(({ path }) => path.startsWith(from))
    .flatMap((file) =>
      file.imports
        .filter(({ target }) => wrong(target, file))
        .map(({ target }) => `${file.path} → ${target}`),
    );

it("The client library imports its own files and openapi-fetch, and nothing else", () => {
  const foreign = clientFiles.flatMap(({ path, imports }) =>
    imports
      .filter(({ target }) => !target.startsWith("client/src/") && target !== "openapi-fetch")
      .map(({ target }) => `${path} → ${target}`),
  );
  expect(foreign).toEqual([]);
});

describe.each(clients)("The $name is a client", ({ name, least, own }) => {
  it("imports its own files, the client library, and packages", () => {
    const foreign = own.flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => /^(src|workers|durable-objects|scripts|tests|bench)\//.test(target))
        .map(({ target }) => `${path} → ${target}`),
    );
    expect(own.length).toBeGreaterThan(least);
    expect(foreign).toEqual([]);
  });

  it("is imported by nobody but its tests", () => {
    const wrong = [...files, ...clientFiles, ...sourceFiles("scripts", "bench")].filter(({ imports }) =>
      imports.some(({ target }) => target.startsWith(`${name}/`)),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it("makes no HTML of texts", () => {
    const made = /dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML|document\.write/;
    expect(own.filter(({ text }) => made.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe("Imports point one way: workers → durable-objects → src", () => {
  it("src imports neither Workers nor Durable Objects, nor the Workers runtime", () => {
    expect(offending("src/", (target) => /^(workers|durable-objects)\/|^cloudflare:/.test(target))).toEqual(
      [],
    );
  });

  it("Durable Objects import no Worker", () => {
    expect(offending("durable-objects/", (target) => target.startsWith("workers/"))).toEqual([]);
  });

  it("a Worker imports no other Worker", () => {
    const workerOf = (path: string) => path.split("/")[1];
    expect(
      offending(
        "workers/",
        (target, { path }) => target.startsWith("workers/") && workerOf(target) !== workerOf(path),
      ),
    ).toEqual([]);
  });

  it("only the objects' Worker contains Durable Objects: another's deployment restarts none", () => {
    const containing = files
      .filter(({ path }) => !/^(durable-objects|workers\/objects)\//.test(path))
      .filter(({ imports }) =>
        imports.some(({ target, runtime }) => runtime && target.startsWith("durable-objects/")),
      );
    expect(containing.map(({ path }) => path)).toEqual([]);
  });

  it("only Workers read `env`, and what puts their platforms together", () => {
    const reading = files.filter(
      ({ path, text }) => !/^workers\/|^src\/([a-z]+-)?platform\.ts$/.test(path) && /\benv\.[A-Z]/.test(text),
    );
    expect(reading.map(({ path }) => path)).toEqual([]);
  });

  it("the ground knows no subject", () => {
    const ground = /^src\/(kernel|text|http|observability|json-schema|db|engine|events|objects)\//;
    for (const folder of [
      "kernel",
      "text",
      "http",
      "observability",
      "json-schema",
      "db",
      "engine",
      "events",
      "objects",
    ]) {
      expect(
        offending(`src/${folder}/`, (target) => target.startsWith("src/") && !ground.test(target)),
      ).toEqual([]);
    }
  });

  it("the kernel imports nothing but itself, and what checks and digests values", () => {
    const allowed = /^src\/kernel\/|^zod$|^@noble\/hashes\//;
    expect(offending("src/kernel/", (target) => !allowed.test(target))).toEqual([]);
  });

  it("the engine imports nothing of ours but the kernel and what cuts text", () => {
    const allowed = /^src\/(engine|kernel|text)\//;
    expect(offending("src/engine/", (target) => target.startsWith("src/") && !allowed.test(target))).toEqual(
      [],
    );
  });

  it("the engine names no model of anybody's", () => {
    const named = files.filter(
      ({ path, text }) => path.startsWith("src/engine/") && /claude|haiku|opus/i.test(text),
    );
    expect(named.map(({ path }) => path)).toEqual([]);
  });

  it("providers are known by their interfaces: only what makes their clients imports these", () => {
    const client = /^src\/providers\/[^/]+\//;
    const makers =
      /^src\/providers\/(text-models|search-engines|image-models|payment-provider|provider-table)\.ts$/;
    const isMaker = ({ path }: SourceFile) => makers.test(path) || client.test(path);
    for (const room of ["src/", "durable-objects/", "workers/"])
      expect(offending(room, (target, file) => client.test(target) && !isMaker(file))).toEqual([]);
  });

  it("settings are read from env where platforms are put together, and in Workers", () => {
    const readers = files.filter(
      ({ path, text }) =>
        /\bsettingsOf\(/.test(text) && !/^workers\/|^src\/([a-z]+-)?platform\.ts$/.test(path),
    );
    expect(readers.map(({ path }) => path)).toEqual(["src/kernel/config.ts"]);
  });

  it("no folder of src imports itself through others", () => {
    expect(cyclesIn(graphOf(files, folderOf))).toEqual([]);
  });

  it("the rule on folders sees a circle", () => {
    const graph = new Map([
      ["a", new Set(["b"])],
      ["b", new Set(["c"])],
      ["c", new Set(["a"])],
    ]);
    expect(cyclesIn(graph)).toEqual(["a → b → c → a"]);
  });

  it("no file imports itself through others", () => {
    expect(cyclesIn(graphOf(files, ({ path }) => path))).toEqual([]);
  });
});

describe("What decides is pure", () => {
  const pure = files.filter(({ path }) => /^src\/(engine\/|realtime\/patterns)/.test(path));

  it("reads no clock and no randomness", () => {
    const impure = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bcrypto\./;
    expect(pure.filter(({ text }) => impure.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it("imports no database", () => {
    expect(
      pure.flatMap(({ imports }) => imports).filter(({ target }) => target.startsWith("src/db/")),
    ).toEqual([]);
  });
});

describe("The house stays tidy", () => {
  it("SQL is written in repositories, read models and the schema only", () => {
    const allowed =
      /^src\/db\/|-(repository|statement|statements|condition|projection)\.ts$|^durable-objects\//;
    const offenders = files.filter(
      ({ path, imports }) =>
        !allowed.test(path) &&
        imports.some(({ target, runtime }) => runtime && target.startsWith("drizzle-orm")),
    );
    expect(offenders.map(({ path }) => path)).toEqual([]);
  });

  it("no statement asks what the one before it has changed: D1 does not promise it, so each asks for itself", () => {
    expect(files.filter(({ text }) => /\bchanges\(\)/.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it("no file is named after nothing the domain knows", () => {
    const vague = /(^|\/)(utils?|helpers?|common|managers?|base|misc)(\.ts|\/)/;
    expect(files.filter(({ path }) => vague.test(path)).map(({ path }) => path)).toEqual([]);
  });

  it("no file is longer than 300 lines", () => {
    const linesOf = ({ text }: SourceFile) => text.split("\n").length - 1;
    const long = [
      ...files,
      ...clientFiles,
      ...clients.flatMap(({ own }) => own),
      ...sourceFiles("scripts", "tests", "bench"),
    ].filter((file) => linesOf(file) > 300);
    expect(long.map((file) => `${file.path}: ${linesOf(file)}`)).toEqual([]);
  });
});

it("Every route is made by our own `createRoute`, which gives it what all of them have", () => {
  const made = files.filter(({ path, text }) => path.startsWith("workers/") && /createRoute/.test(text));
  const byTheLibrary = /import \{[^}]*\bcreateRoute\b[^}]*\} from "@hono\/zod-openapi"/;
  expect(made.length).toBeGreaterThan(0);
  expect(made.filter(({ text }) => byTheLibrary.test(text)).map(({ path }) => path)).toEqual([]);
});
