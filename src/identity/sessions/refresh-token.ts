import { timingSafeEqual } from "node:crypto";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { type KeyRing, signingKeyOf } from "#src/kernel/key-ring.ts";

/** Which refresh token it is: the session's, counted from 0. */
export interface RefreshToken {
  sessionId: string;
  generation: number;
}

/** Keeps this use of the signing key apart from every other. */
const purpose = "refresh-token:v1";

const mac = (key: Uint8Array, { sessionId, generation }: RefreshToken): string =>
  bytesToHex(hmac(sha256, key, utf8ToBytes(`${purpose}:${sessionId}:${generation}`)));

const textOf = (token: RefreshToken, key: Uint8Array): string =>
  `${token.sessionId}.${token.generation}.${mac(key, token)}`;

/**
 * The refresh token of a session's generation. Made by MAC, so that concurrent
 * calls with one token all get the same successor, and a token of ours is known
 * even when its session has long gone on to a later one.
 */
export const refreshTokenOf = (token: RefreshToken, ring: KeyRing): string =>
  textOf(token, signingKeyOf(ring));

/** The token of a generation that has this hash, whichever key of the ring has made it. */
export const refreshTokenWithHash = (token: RefreshToken, hash: string, ring: KeyRing): string | undefined =>
  [...ring.keys.values()].map((key) => textOf(token, key)).find((text) => hashRefreshToken(text) === hash);

const shape = /^([0-9a-f-]{36})\.(\d{1,9})\.([0-9a-f]{64})$/;

/** Reads a refresh token; undefined unless one of the ring's keys has made it. */
export function readRefreshToken(text: string, ring: KeyRing): RefreshToken | undefined {
  const [, sessionId, number, presented] = shape.exec(text) ?? [];
  if (!sessionId || number === undefined || !presented) return undefined;
  const token = { sessionId, generation: Number(number) };
  const given = utf8ToBytes(presented);
  const made = [...ring.keys.values()].some((key) => timingSafeEqual(utf8ToBytes(mac(key, token)), given));
  return made ? token : undefined;
}

/** What is stored of a refresh token. */
export const hashRefreshToken = (token: string): string => bytesToHex(sha256(utf8ToBytes(token)));
