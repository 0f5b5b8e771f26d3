import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { MemoryOwner } from "#src/objects/memory.ts";

/** What memories of somebody stand under in an index: one word, which is nobody else's, and no part of another. */
export const ownerKey = (instanceId: string, owner: MemoryOwner): string =>
  `k${bytesToHex(utf8ToBytes(`${instanceId}/${owner}`))}`;
