import { join } from "node:path";
import type { V4WorkerOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from "wrangler";

/**
 * Under this name the objects' files lie in the state of every version: in the first release their classes were the
 * gateway's. Ids of objects are made from it as well.
 */
const formerHost = "persona-gateway";

/**
 * A Worker as Miniflare runs it: what wrangler makes of its file, with its bundle.
 * @param bundle the folder with its `index.js`
 */
export function workerOptions(config: string, bundle: string): V4WorkerOptions {
  const {
    modulesRules: _,
    durableObjects,
    ...options
  } = unstable_getMiniflareWorkerOptions(config).workerOptions;
  const { name } = unstable_readConfig({ config });
  return {
    ...options,
    name,
    durableObjects: Object.fromEntries(
      Object.entries(durableObjects ?? {}).map(([binding, object]) => {
        const named = typeof object === "string" ? { className: object } : object;
        const isOwn = name === "persona-objects" && named.scriptName === undefined;
        return [binding, isOwn ? { ...named, unsafeUniqueKey: `${formerHost}-${named.className}` } : named];
      }),
    ),
    modulesRoot: bundle,
    modules: [{ type: "ESModule", path: join(bundle, "index.js") }],
  };
}
