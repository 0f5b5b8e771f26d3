import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** Canonical JSON: the same request gives the same digest whatever the order of its keys. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

const digest = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/** A caller's `Idempotency-Key` among those of everybody, and the request that it belongs to. */
export interface RequestKey {
  key: string;
  bodyDigest: string;
}

/**
 * @param owner whose key it is and what it was sent to: the same key elsewhere is another
 * @param header the `Idempotency-Key` header; null comes of none
 */
export const requestKey = (
  owner: readonly string[],
  header: string | undefined,
  body: unknown,
): RequestKey | null =>
  header === undefined
    ? null
    : { key: digest([...owner, header].join(":")), bodyDigest: digest(canonicalJson(body)) };
