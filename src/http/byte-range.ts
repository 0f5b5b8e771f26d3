/** What a `Range` header asks of a body: a part, nothing that exists, or the whole (undefined). */
export type ByteRange = { offset: number; length: number } | "unsatisfiable" | undefined;

/**
 * Reads a `Range` header against a body of `size` bytes (RFC 9110, 14). What is not
 * understood, other units, and several ranges at once are answered with the whole, as the standard allows.
 */
export function parseByteRange(header: string | undefined, size: number): ByteRange {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? "unsatisfiable" : { offset: size - length, length };
  }
  const offset = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && Number(last) < offset) return undefined;
  return offset >= size ? "unsatisfiable" : { offset, length: end - offset + 1 };
}
