import type { Settings } from "#src/kernel/config.ts";

/** How a provider is reached: base URL, key, and the fetch to use. */
export interface Upstream {
  url: string;
  key: string;
  fetch: typeof fetch;
}

const sandboxOrigin = "https://sandbox.internal";

interface Choice {
  key: string | undefined;
  url: string | undefined;
  defaultUrl: string;
  /** Path below the sandbox's origin that stands for `url`. */
  sandboxPath?: string;
}

/**
 * Chooses by configuration: a key or a URL means the network; without either,
 * development uses the sandbox Worker and production refuses.
 * @returns undefined when the provider is not configured
 */
export function chooseUpstream(
  { key, url, defaultUrl, sandboxPath = "" }: Choice,
  { ENVIRONMENT }: Pick<Settings, "ENVIRONMENT">,
  sandbox: Fetcher | undefined,
): Upstream | undefined {
  if (key || url)
    return { url: url ?? defaultUrl, key: key ?? "none", fetch: (input, init) => fetch(input, init) };
  if (ENVIRONMENT !== "development" || !sandbox) return undefined;
  return {
    url: `${sandboxOrigin}${sandboxPath}`,
    key: "sandbox",
    fetch: (input, init) => sandbox.fetch(new Request(input, init)),
  };
}
