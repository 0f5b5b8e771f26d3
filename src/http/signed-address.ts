import { timingSafeEqual } from "node:crypto";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { type KeyRing, signingKeyOf } from "#src/kernel/key-ring.ts";

/** Keeps this use of the signing key apart from every other. */
const purpose = utf8ToBytes("signed-address:v1");

const lifetimeSeconds = 600;

/** Of the path and of when it ends, by a key of its own; it says nothing about who asks. */
const mac = (key: Uint8Array, path: string, end: number): string =>
  bytesToHex(hmac(sha256, hmac(sha256, key, purpose), utf8ToBytes(`${path}\n${end}`)));

/**
 * When an address that is signed now ends, in epoch seconds: in ten to twenty minutes. Those that are signed within ten
 * minutes are the same, so that a browser keeps what it has fetched.
 */
export const endOfAddress = (now: number): number =>
  (Math.floor(now / 1000 / lifetimeSeconds) + 2) * lifetimeSeconds;

/** The address of something of ours that whoever has it may read for a while, as a browser's `<img>` does. */
export function signedAddress(path: string, ring: KeyRing, now: number): string {
  const end = endOfAddress(now);
  return `${path}?sig=${end}.${mac(signingKeyOf(ring), path, end)}`;
}

/** What a signature looks like. */
export const signatureShape = /^(\d{1,12})\.([0-9a-f]{64})$/;

/** Whether one of the ring's keys has signed a path, for longer than until now. */
export function isSigned(path: string, signature: string, ring: KeyRing, now: number): boolean {
  const [, text = "", given = ""] = signatureShape.exec(signature) ?? [];
  const end = Number(text);
  if (given === "" || end * 1000 <= now) return false;
  const presented = utf8ToBytes(given);
  return [...ring.keys.values()].some((key) => timingSafeEqual(utf8ToBytes(mac(key, path, end)), presented));
}
