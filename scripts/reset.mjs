// `npm run reset`: removes local state. Plain JavaScript, so it works before the first install.
import { existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

const directory = resolve(process.env.STATE_DIR || ".wrangler/state");
if (!existsSync(directory)) {
  console.log(`Nothing at ${directory}`);
} else if (existsSync(join(directory, "development-secrets.json"))) {
  rmSync(directory, { recursive: true });
  console.log(`Removed ${directory}`);
} else {
  console.error(`${directory} was not made by npm start; not removed.`);
  process.exit(1);
}
