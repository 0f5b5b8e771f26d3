// `npm run reset`: removes local state. Plain JavaScript, so it works before the first install.
import { rmSync } from "node:fs";
import { resolve } from "node:path";

const directory = resolve(process.env.STATE_DIR || ".wrangler/state");
rmSync(directory, { recursive: true, force: true });
console.log(`Removed ${directory}`);
