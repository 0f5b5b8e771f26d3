import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(import.meta.dirname, "../..");

/** The element as pages load it: one module, without packages of theirs. */
export async function buildWidget(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [join(root, "widget/persona-chat.ts")],
    tsconfig: join(root, "widget/tsconfig.json"),
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    logLevel: "silent",
  });
  const [file] = outputFiles;
  if (!file) throw new Error("The widget was not built");
  return file.contents;
}

/**
 * Puts the element among the gateway's assets, in one move: under a name that changes with what is in it, which may be
 * kept for good, and under the one that pages write, which only leads there.
 * @param source where the gateway's sources are
 */
export async function placeWidget(source = root): Promise<void> {
  const built = await buildWidget();
  const hash = createHash("sha256").update(built).digest("hex").slice(0, 16);
  const working = mkdtempSync(join(tmpdir(), "persona-widget-"));
  writeFileSync(join(working, `v1-${hash}.js`), built);
  writeFileSync(join(working, "v1.js"), `import "./v1-${hash}.js";\n`);
  const assets = join(source, "workers/gateway/assets");
  mkdirSync(assets, { recursive: true });
  const beside = mkdtempSync(join(assets, "..", "widget-"));
  cpSync(working, beside, { recursive: true });
  rmSync(working, { recursive: true });
  rmSync(join(assets, "widget"), { recursive: true, force: true });
  renameSync(beside, join(assets, "widget"));
}
