import type { Settings } from "#src/kernel/config.ts";

/** How a provider is reached: base URL, key, and the fetch to use. */
export interface Upstream {
  url: string;
  key: string;
  fetch: typeof fetch;
  /**
   * Whether it is told the trace that a call is part of: a server that the operator has named, and the sandbox. A
   * provider at its own address is not; what our users do is nothing that it need put together.
   */
  takesTraces?: boolean;
}

/** The header that tells a server which trace a call is part of, if it is to know. */
export const traceHeader = (
  { takesTraces }: Pick<Upstream, "takesTraces">,
  traceparent: string | undefined,
): { traceparent?: string } => (takesTraces && traceparent !== undefined ? { traceparent } : {});

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
    return {
      url: url ?? defaultUrl,
      key: key ?? "none",
      fetch: (input, init) => fetch(input, init),
      takesTraces: url !== undefined,
    };
  if (ENVIRONMENT !== "development" || !sandbox) return undefined;
  return {
    url: `${sandboxOrigin}${sandboxPath}`,
    key: "sandbox",
    fetch: (input, init) => sandbox.fetch(new Request(input, init)),
    takesTraces: true,
  };
}
