import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Account } from "#src/kernel/actor.ts";

/** A request that its caller may repeat. */
export interface KeyedRequest {
  /** Who asks: a user's id, or nobody's. */
  caller: string;
  /** What is asked for, and of what thing. */
  operation: string;
  /** The `Idempotency-Key` header. */
  key: string;
  /** What the input says, in bytes. */
  body: Uint8Array<ArrayBuffer>;
  /** What the caller may do; null for nobody. */
  rights: Rights | null;
}

/** What a caller may do, as their token says. */
export type Rights = Pick<Account, "role" | "permissions">;

/** What is known of a request without storing it. */
export interface RequestMacs {
  id: string;
  bodyMac: string;
  /** Opens the stored answer: 256 bits in base64, never stored, and not to be had without the body. */
  sealKey: string;
}

/**
 * The request as it is stored: bodies hold passwords and answers hold tokens, so neither is there in a form that
 * somebody who reads the database could try passwords against.
 * @param secret the platform's signing key; after a rotation older keys count as used with another body, for a day
 */
export async function macsOf(
  { caller, operation, key, body }: KeyedRequest,
  secret: Uint8Array,
): Promise<RequestMacs> {
  const mac = (purpose: string, part: Uint8Array): Uint8Array =>
    hmac(sha256, secret, concatBytes(utf8ToBytes(`idempotency:v1:${purpose}\n`), part));
  const id = mac("id", utf8ToBytes(JSON.stringify([caller, operation, key])));
  // The runtime's own digest, off the thread: a body of 10 MB holds up nobody else.
  const keyed = concatBytes(id, new Uint8Array(await crypto.subtle.digest("SHA-256", body)));
  return {
    id: bytesToHex(id),
    bodyMac: bytesToHex(mac("body", keyed)),
    sealKey: Buffer.from(mac("seal", keyed)).toString("base64"),
  };
}
