import { watch } from "node:fs";
import { join, resolve } from "node:path";
import { placePages } from "./local/place-pages.ts";

/** `npm run console`: builds the console and the widget into the gateway's assets, and again whenever one of its files changes. */
const folders = ["console", "widget", "client/src"].map((name) =>
  join(resolve(import.meta.dirname, ".."), name),
);

let isAsked = true;
let isBuilding = false;

async function build(): Promise<void> {
  if (isBuilding) return;
  isBuilding = true;
  while (isAsked) {
    isAsked = false;
    const startedAt = Date.now();
    await placePages().then(
      () => console.log(`built in ${Date.now() - startedAt} ms`),
      (error: unknown) => console.error(error instanceof Error ? error.message : error),
    );
  }
  isBuilding = false;
}

for (const folder of folders)
  watch(folder, { recursive: true }, () => {
    isAsked = true;
    void build();
  });
await build();
