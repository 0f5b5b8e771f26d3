import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, randomBytes, utf8ToBytes } from "@noble/hashes/utils.js";

/** A new opaque refresh token: 256 random bits. Only its hash is stored. */
export const newRefreshToken = (): string => bytesToHex(randomBytes(32));

/** What is stored of a refresh token. */
export const hashRefreshToken = (token: string): string => bytesToHex(sha256(utf8ToBytes(token)));
