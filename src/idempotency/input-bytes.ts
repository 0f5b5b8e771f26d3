import { utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson } from "#src/kernel/request-key.ts";

/** A file stands for its content, wherever it is in an input. */
async function withoutFiles(value: unknown): Promise<unknown> {
  if (value instanceof Blob) return digest(await value.arrayBuffer());
  if (value instanceof Uint8Array) return digest(new Uint8Array(value));
  if (Array.isArray(value)) return Promise.all(value.map(withoutFiles));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(async ([key, part]) => [key, await withoutFiles(part)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

// The runtime's own digest, off the thread: a file of 10 MB holds up nobody else.
const digest = async (bytes: BufferSource): Promise<string> =>
  Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");

/** What an input says, in bytes: the same whatever the order of its keys and the boundary of its form. */
export const inputBytes = async (input: unknown): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(utf8ToBytes(canonicalJson(await withoutFiles(input)) ?? ""));
