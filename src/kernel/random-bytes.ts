/** Bytes that are drawn at a time: one draw costs as much as many names made of what it gives. */
const drawn = new Uint8Array(2048);
let used = drawn.length;

/**
 * Random bytes for names of things: ids, spans. They stay in memory until others are drawn, so they make no secrets;
 * they are to be read at once.
 */
export function randomBytes(count: number): Uint8Array {
  if (used + count > drawn.length) {
    crypto.getRandomValues(drawn);
    used = 0;
  }
  used += count;
  return drawn.subarray(used - count, used);
}
