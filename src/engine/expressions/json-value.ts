/** Parts and characters that an expression may give; what runs keep is bounded by `limits` as well. */
const maxParts = 2_000_000;

/**
 * What an expression gives, as JSON has it: in memory it must be what it will be
 * once it is read again. CEL's integers are BigInts, its times dates.
 * @param give is told how many parts and characters it has
 * @throws when it is too large, or nothing that JSON has
 */
export function jsonValue(value: unknown, give: (amount: number) => void = () => {}): unknown {
  let parts = 0;
  const spend = (amount: number): void => {
    parts += amount;
    if (parts > maxParts) throw new Error("The expression gives too much");
  };
  const copy = (part: unknown): unknown => {
    spend(1);
    if (typeof part === "bigint") return Number(part);
    if (typeof part === "number") return Number.isFinite(part) ? part : null;
    if (typeof part === "string") spend(part.length);
    if (part === undefined || part === null || typeof part === "string" || typeof part === "boolean")
      return part ?? null;
    if (part instanceof Date) return part.toISOString();
    if (Array.isArray(part)) return part.map(copy);
    if (part instanceof Map) return copyEntries(part);
    if (typeof part === "object" && isPlain(part)) return copyEntries(Object.entries(part));
    throw new Error("The expression gives something that JSON does not have");
  };
  const copyEntries = (entries: Iterable<[unknown, unknown]>): Record<string, unknown> =>
    Object.fromEntries([...entries].map(([key, part]) => [String(key), copy(part)]));
  const copied = copy(value);
  give(parts);
  return copied;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
