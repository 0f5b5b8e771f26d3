import { isAddress, isPublicAddress } from "./public-address.ts";
import { isPublicName } from "./public-name.ts";

const maxLength = 2048;
/** The one that https has, and the one that is usual beside it. */
const ports: readonly string[] = ["", "8443"];
/** What parsers read differently: they drop it, or take it for a slash. */
const ambiguous = /[\s\\\p{Cc}]/u;

const loopback: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

/** What a URL that somebody gave us may look like. */
export interface TargetRules {
  /** Whether this very machine may be called, also by http and at any port: for receivers in development. */
  allowLoopback: boolean;
}

/** A URL that may be called as far as its spelling says; or why it may not. */
export type Target = { url: URL; refused?: undefined } | { url?: undefined; refused: string };

const refused = (reason: string): Target => ({ refused: reason });

/** Looks at a URL that somebody gave us: only its spelling, the names in it are not looked up. */
export function targetOf(text: string, { allowLoopback }: TargetRules): Target {
  if (text.length > maxLength) return refused(`must have at most ${maxLength} characters`);
  if (ambiguous.test(text) || !/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text))
    return refused("must be an https URL");
  const url = new URL(text);
  if (allowLoopback && loopback.includes(url.hostname)) return { url };
  if (url.protocol !== "https:") return refused("must be an https URL");
  if (url.username !== "" || url.password !== "") return refused("must have no user name and no password");
  if (!ports.includes(url.port)) return refused("must be at port 443 or 8443");
  const host = hostOf(url);
  if (isAddress(host)) return isPublicAddress(host) ? { url } : refused("must be at a public address");
  return isPublicName(host) ? { url } : refused("must have a public host name");
}

/** The name or address that a URL leads to, without brackets and the dot that may stand behind it. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
