import { timed } from "../load.ts";

/**
 * Serves a process that measures: for each load that it sends, calls are made and their timing is answered.
 * @param {() => Promise<unknown>} call
 */
export function serve(call) {
  process.on("message", async (load) => process.send?.(await timed(call, load)));
  process.on("disconnect", () => process.exit(0));
  process.send?.("ready");
}
