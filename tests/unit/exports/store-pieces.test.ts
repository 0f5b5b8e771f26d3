import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { storePieces } from "#src/exports/store-pieces.ts";
import { present } from "../../support/personas.ts";

const megabyte = 1024 * 1024;

async function* piecesOf(total: number, each: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < total; at += each)
    yield Uint8Array.from({ length: Math.min(each, total - at) }, (_, place) => (at + place) % 251);
}

it.each([
  [0, 1],
  [10, 3],
  [8 * megabyte, megabyte],
  [16 * megabyte + 1, 3 * megabyte + 7],
  [17 * megabyte, 17 * megabyte],
])("%# A file of %i bytes in pieces of %i is stored as it was written", async (total, each) => {
  const key = `store-pieces/${total}`;
  expect(await storePieces(env.BLOBS, key, piecesOf(total, each), () => true)).toBe(true);
  const bytes = new Uint8Array(await present(await env.BLOBS.get(key)).arrayBuffer());
  expect(bytes.length).toBe(total);
  expect(bytes.findIndex((byte, place) => byte !== place % 251)).toBe(-1);
});

it.each([10, 9 * megabyte])(
  "Of %i bytes that are not whole, or break off, nothing is kept",
  async (total) => {
    const key = `store-pieces/not-whole-${total}`;
    expect(await storePieces(env.BLOBS, key, piecesOf(total, megabyte), () => false)).toBe(false);
    async function* broken() {
      yield* piecesOf(total, megabyte);
      throw new Error("broken off");
    }
    await expect(storePieces(env.BLOBS, key, broken(), () => true)).rejects.toThrow("broken off");
    expect(await env.BLOBS.head(key)).toBeNull();
  },
);
