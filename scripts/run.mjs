// `node scripts/run.mjs <script.ts> [arguments]`: installs if needed, then runs the script on Node 24.
import { ensureInstalled } from "./install.mjs";

ensureInstalled();
await import("./attend.mjs");
