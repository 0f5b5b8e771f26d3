import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

/** Over so many gates networks are spread: an attacker has many addresses, and each gate its bounds. */
const addressGates = 32;

/** The name of the gate that counts a network's calls; no tenant can have it, whose ids have no colon. */
export const addressGateName = (network: string): string =>
  `addresses:${new DataView(sha256(utf8ToBytes(network)).buffer).getUint32(0) % addressGates}`;
