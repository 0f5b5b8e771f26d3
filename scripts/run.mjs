// `node scripts/run.mjs <script.ts> [arguments]`: installs if needed, then runs the script on Node 24.
import { spawn } from "node:child_process";
import { ensureInstalled, node, root } from "./install.mjs";

ensureInstalled();
const parent = process.ppid;
const child = spawn(node, process.argv.slice(2), { cwd: root, stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
// A parent that was killed cannot tell us: without this its servers would keep the port.
const watch = setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 500);
child.on("exit", (code, signal) => {
  clearInterval(watch);
  process.exit(code ?? (signal === "SIGINT" || signal === "SIGTERM" ? 0 : 1));
});
