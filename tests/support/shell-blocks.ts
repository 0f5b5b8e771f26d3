import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Block } from "./documents.ts";

/** Where the documents' platform is, as they say. */
const documentedAddress = "http://127.0.0.1:8787";

/** A `curl` that also notes the status of each answer. */
const notingCurl = (curl: string, log: string) => `#!/bin/sh
exec '${curl}' --write-out '%{stderr}answer %{http_code} %{url}\\n' "$@" 2>>'${log}'
`;

/** What has become of one block. */
export interface BlockOutcome {
  line: number;
  /** Whether all its commands succeeded. */
  done: boolean;
  /** Statuses of 400 and above, or 000 where nothing answered, each with its address. */
  refusals: string[];
}

/**
 * Runs the blocks of one document with bash, one after the other in one shell, as a reader would, in an empty folder.
 * The first command that fails ends it.
 */
export async function runShellBlocks(blocks: readonly Block[], baseUrl: string) {
  const folder = mkdtempSync(join(tmpdir(), "documents-"));
  const log = join(folder, "log");
  try {
    execFileSync("mkdir", [join(folder, "bin"), join(folder, "work")]);
    const curl = execFileSync("which", ["curl"], { encoding: "utf8" }).trim();
    writeFileSync(join(folder, "bin/curl"), notingCurl(curl, log), { mode: 0o700 });
    const script = blocks.map(
      ({ code, line }) =>
        `echo 'begin ${line}' >> '${log}'\n${code.replaceAll(documentedAddress, baseUrl)}\necho 'end ${line}' >> '${log}'\n`,
    );
    writeFileSync(join(folder, "script"), `set -euo pipefail\n${script.join("")}`);
    writeFileSync(log, "");
    const said = await output("bash", [join(folder, "script")], {
      cwd: join(folder, "work"),
      env: { ...process.env, PATH: `${join(folder, "bin")}${delimiter}${process.env.PATH}` },
    });
    return { said, outcomes: outcomesOf(readFileSync(log, "utf8")) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function outcomesOf(log: string): BlockOutcome[] {
  const outcomes: BlockOutcome[] = [];
  for (const entry of log.split("\n")) {
    const [what, value = "", url = ""] = entry.split(" ");
    const current = outcomes.at(-1);
    if (what === "begin") outcomes.push({ line: Number(value), done: false, refusals: [] });
    else if (what === "end" && current) current.done = true;
    else if (what === "answer" && (value >= "400" || value === "000"))
      current?.refusals.push(`${value} ${url}`);
  }
  return outcomes;
}

/** Runs a command to its end; all that it says. */
function output(
  command: string,
  parameters: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<string> {
  const child = spawn(command, parameters, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const parts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => parts.push(String(part)));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve(parts.join("")));
  });
}
