// `node scripts/attend.mjs <script> [arguments]`: runs the script on Node 24, and ends it when whoever asked is gone.
import { spawn } from "node:child_process";
import { node, root } from "./install.mjs";

const parent = process.ppid;
const child = spawn(node, process.argv.slice(2), { cwd: root, stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
// A parent that was killed cannot tell us: without this its servers would keep the port.
const watch = setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 500);
child.on("exit", (code, signal) => {
  clearInterval(watch);
  process.exit(code ?? (signal === "SIGINT" || signal === "SIGTERM" ? 0 : 1));
});
