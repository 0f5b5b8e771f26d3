import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build } from "esbuild";
import { expect, it } from "vitest";
import { schemaText } from "#scripts/schema-text.ts";
import { sourceFiles } from "./imports.ts";

const files = sourceFiles("src", "workers", "durable-objects");
const libraries = /^(?:graphql|graphql-http|@pothos\/.+)(?:\/|$)/;

it("The schema that is kept is the one that is served: `npm run client` writes it", () => {
  expect(readFileSync("src/graphql/schema.graphql", "utf8")).toBe(schemaText());
});

it("Resolvers ask operations: GraphQL imports no repository, no database and no object", () => {
  const behind = /^src\/(?:db|objects)\/|^durable-objects\/|^drizzle-orm/;
  const wrong = files
    .filter(({ path }) => path.startsWith("src/graphql/"))
    .flatMap(({ path, imports }) =>
      imports.filter(({ target }) => behind.test(target)).map(({ target }) => `${path} → ${target}`),
    );
  expect(wrong).toEqual([]);
});

it("Who does not ask for GraphQL pays nothing for it: its libraries are imported by it alone, and it when it is asked for", () => {
  const importing = files.filter(
    ({ path, imports }) =>
      !path.startsWith("src/graphql/") &&
      imports.some(({ target }) => libraries.test(target) || target.startsWith("src/graphql/")),
  );
  expect(importing.map(({ path }) => path)).toEqual([]);
  const loading = files.filter(({ text }) => /import\("#src\/graphql\//.test(text));
  expect(loading.map(({ path }) => path)).toEqual(["workers/gateway/graphql-library.ts"]);
});

const options = {
  entryPoints: ["workers/gateway/index.ts"],
  bundle: true,
  write: false,
  format: "esm",
  outdir: "out",
  conditions: ["workerd", "worker", "browser"],
  external: ["cloudflare:*", "node:*", "crypto", "events", "http", "https", "child_process", "util"],
  logLevel: "error",
} as const satisfies BuildOptions;

it("In one file, as it is deployed, nothing of GraphQL is evaluated before it is asked for", async () => {
  const { outputFiles } = await build({ ...options, external: [...options.external] });
  const text = outputFiles[0]?.text ?? "";
  // Such a module is a function that is called when it is imported.
  for (const module of [
    "node_modules/graphql/type/schema.mjs",
    "node_modules/@pothos/core/esm/builder.js",
    "src/graphql/schema.ts",
  ])
    expect(text).toContain(`"${module}"() {`);
});

it("What is loaded then is at most 110 KiB, and makes no code out of text", async () => {
  const { outputFiles, metafile } = await build({
    ...options,
    external: [...options.external],
    splitting: true,
    minify: true,
    metafile: true,
  });
  const isGraphql = (input: string) => /node_modules\/(?:graphql|@pothos)\/|^src\/graphql\//.test(input);
  const chunks = Object.entries(metafile.outputs).filter(([, { inputs }]) =>
    Object.keys(inputs).some(isGraphql),
  );
  const textOf = (path: string) => outputFiles.find((file) => file.path.endsWith(path))?.text ?? "";
  const texts = chunks.map(([path]) => textOf(path));
  expect(chunks.filter(([, { entryPoint }]) => entryPoint === "workers/gateway/index.ts")).toEqual([]);
  const bytes = texts.reduce((sum, text) => sum + gzipSync(text).length, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(110 * 1024);
  for (const text of texts) expect(text).not.toMatch(/\beval\(|new Function\(/);
});
