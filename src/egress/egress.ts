import { boundedFetch, untilAborted } from "#src/http/bounded-fetch.ts";
import type { Settings } from "#src/kernel/config.ts";
import { EgressError, egressErrorOf } from "./egress-error.ts";
import { nameServer } from "./name-server.ts";
import { isAddress, isPublicAddress } from "./public-address.ts";
import { RememberedNames } from "./remembered-names.ts";
import { hostOf, targetOf } from "./target.ts";

type EgressSettings = Pick<Settings, "DNS_OVER_HTTPS_URL" | "EGRESS_ALLOW_LOOPBACK">;

/** A call to a URL that somebody gave us, with its bounds. Only what it says is sent. */
export interface EgressCall {
  method: "GET" | "POST";
  headers: Record<string, string>;
  body?: string;
  /** For all of it, from looking the name up to the last byte of the answer. */
  timeoutMs: number;
  maxRequestBytes: number;
  /** More of an answer than this is an error for whoever reads so far. */
  maxAnswerBytes: number;
}

/** The one way out to URLs that somebody gave us (docs/egress.md). */
export interface Egress {
  /**
   * Whether a URL may be called, as it is now: its spelling, and the addresses that its name has.
   * @throws EgressError
   */
  check(url: string): Promise<URL>;
  /**
   * Checks a URL and calls it; redirects are not followed. Reading the answer may fail as well: `egressErrorOf`.
   * @throws EgressError
   */
  call(url: string, call: EgressCall): Promise<Response>;
}

/**
 * The guard of all calls to URLs that somebody gave us, by configuration; it remembers names for a moment.
 * @param fetch what goes out in the end
 */
export function egressOf(
  { DNS_OVER_HTTPS_URL: resolver, EGRESS_ALLOW_LOOPBACK: allowLoopback }: EgressSettings,
  fetch: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init),
  now: () => number = Date.now,
): Egress {
  const names = resolver === undefined ? undefined : nameServer(resolver, fetch);
  const remembered = new RememberedNames();

  const checkName = async (host: string) => {
    // A name without a dot is this machine's, where that may be called.
    if (!names || isAddress(host) || !host.includes(".") || remembered.isGood(host, now())) return;
    const addresses = await names.addressesOf(host);
    if (!addresses.every(isPublicAddress))
      throw new EgressError("TARGET_REFUSED", "The host name leads to an address that is not public");
    remembered.remember(host, now());
  };

  const check: Egress["check"] = async (text) => {
    const { url, refused } = targetOf(text, { allowLoopback });
    if (url === undefined) throw new EgressError("TARGET_REFUSED", `The URL ${refused}`);
    await checkName(hostOf(url));
    return url;
  };

  return {
    check,
    async call(text, { timeoutMs, maxRequestBytes, maxAnswerBytes, ...init }) {
      if (new TextEncoder().encode(init.body ?? "").byteLength > maxRequestBytes)
        throw new EgressError("REQUEST_TOO_LARGE", `The request has more than ${maxRequestBytes} bytes`);
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const url = await untilAborted(check(text), signal);
        return withoutRedirect(await boundedFetch(fetch, maxAnswerBytes)(url, { ...init, signal }));
      } catch (cause) {
        throw egressErrorOf(cause);
      }
    },
  };
}

/** Whoever is led elsewhere would have to be checked anew; and what is sent is meant for one place. */
function withoutRedirect(answer: Response): Response {
  const { status, body } = answer;
  if (status < 300 || status > 399) return answer;
  body?.cancel().catch(() => undefined);
  throw new EgressError("REDIRECTED", `Answered ${status}; redirects are not followed`, { status });
}
