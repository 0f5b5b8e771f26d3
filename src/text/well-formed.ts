/**
 * A value with every text in it well-formed: half characters (lone surrogates, which
 * JSON can carry and UTF-8 cannot) are replaced by U+FFFD. What has none is given back as it is.
 */
export function wellFormed<T>(value: T): T;
export function wellFormed(value: unknown): unknown {
  return halfCharacterIn(value) === undefined ? value : mended(value);
}

function mended(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(mended);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toWellFormed(), mended(inner)]));
}

interface Place {
  value: unknown;
  key: string;
  within: Place | undefined;
}

/** Where a value has a half character, as a path of keys; undefined where it has none. However deep it is nested. */
export function halfCharacterIn(value: unknown): string[] | undefined {
  const open: Place[] = [{ value, key: "", within: undefined }];
  for (let place = open.pop(); place; place = open.pop()) {
    const { value: inner, key } = place;
    if (!key.isWellFormed() || (typeof inner === "string" && !inner.isWellFormed())) return pathOf(place);
    if (typeof inner !== "object" || inner === null) continue;
    for (const name in inner) {
      if (Object.hasOwn(inner, name))
        open.push({ value: Reflect.get(inner, name), key: name, within: place });
    }
  }
  return undefined;
}

function pathOf(place: Place): string[] {
  const keys: string[] = [];
  for (let at: Place | undefined = place; at?.within; at = at.within) keys.unshift(at.key.toWellFormed());
  return keys;
}
