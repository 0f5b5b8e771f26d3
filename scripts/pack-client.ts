import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { resolve } from "node:path";

/** `npm run client:pack`: builds the client's package and packs it, into `client/` or the directory that is named. */
const target = resolve(process.argv[2] ?? "client");
rmSync("client/dist", { recursive: true, force: true });
execFileSync("node_modules/.bin/tsc", ["-p", "client/tsconfig.json"], { stdio: "inherit" });
execFileSync("npm", ["pack", "--silent", "--pack-destination", target], { cwd: "client", stdio: "inherit" });
