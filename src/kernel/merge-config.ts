type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * A config laid over another: objects merge key by key, everything else
 * (lists too) replaces, and null removes a key. Neither argument is changed.
 */
export function mergeConfig(base: JsonObject, over: JsonObject): JsonObject {
  // A map, because assigning to the key `__proto__` of an object would set its prototype.
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const below = merged.get(key);
    if (value === null) merged.delete(key);
    else merged.set(key, isObject(value) ? mergeConfig(isObject(below) ? below : {}, value) : value);
  }
  return Object.fromEntries(merged);
}
