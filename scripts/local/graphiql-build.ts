import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(import.meta.dirname, "../..");

/** The page's files by their names: a document, a script and a style sheet, whose names change with what is in them. */
export async function buildGraphiql(): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    entryPoints: [join(root, "console/graphiql/page.tsx")],
    tsconfig: join(root, "console/tsconfig.json"),
    absWorkingDir: root,
    outdir: "out",
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    alias: { "react-style-singleton": join(root, "console/graphiql/no-scroll-lock.ts") },
    loader: { ".woff2": "dataurl", ".svg": "dataurl" },
    write: false,
    logLevel: "silent",
  });
  const files = new Map<string, string>();
  const named = (ending: string): string => {
    const text = outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
    const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
    files.set(`page-${hash}${ending}`, text);
    return `/graphiql/page-${hash}${ending}`;
  };
  files.set("index.html", documentOf(named(".js"), named(".css")));
  return files;
}

const documentOf = (script: string, style: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>GraphiQL</title>
    <link rel="icon" href="/console/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="${style}" />
    <script type="module" src="${script}"></script>
  </head>
  <body>
    <div id="root"></div>
  </body>
</html>
`;

/**
 * Puts the page among the gateway's assets, in one move.
 * @param source where the gateway's sources are
 */
export async function placeGraphiql(source = root): Promise<void> {
  const files = await buildGraphiql();
  const assets = join(source, "workers/gateway/assets");
  mkdirSync(assets, { recursive: true });
  const working = mkdtempSync(join(assets, "..", "graphiql-"));
  for (const [name, text] of files) writeFileSync(join(working, name), text);
  rmSync(join(assets, "graphiql"), { recursive: true, force: true });
  renameSync(working, join(assets, "graphiql"));
}
