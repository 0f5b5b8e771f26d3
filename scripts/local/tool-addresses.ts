import type { V4WorkerOptions } from "miniflare";

/**
 * A Worker that knows where `wrangler dev` has the cron trigger and the explorer of local data: Miniflare has them
 * elsewhere. Both refuse names that are not this machine's before any Worker is asked.
 */
export const toolAddresses = (port: number): V4WorkerOptions => ({
  name: "tool-addresses",
  routes: ["*/cdn-cgi/handler/*", "*/cdn-cgi/explorer*"],
  compatibilityDate: "2026-11-01",
  modules: true,
  script: `export default {
    fetch(request) {
      const url = new URL(request.url);
      url.port = ${port};
      url.pathname = url.pathname.replace(/^\\/cdn-cgi\\/(handler\\/)?/, "/cdn-cgi/local/");
      return fetch(new Request(url, request));
    },
  };`,
});
