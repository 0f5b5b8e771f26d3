import type { Field } from "./fields.ts";

/** The value at a path; undefined where there is none. */
export function valueAt(whole: unknown, path: readonly string[]): unknown {
  let here: unknown = whole;
  for (const name of path) {
    if (typeof here !== "object" || here === null) return undefined;
    here = Object.entries(here).find(([key]) => key === name)?.[1];
  }
  return here;
}

/** The whole with another value at a path. What is absent stays absent: an empty field is not an empty text. */
export function withValue(whole: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (Array.isArray(whole)) {
    const items: unknown[] = [...whole];
    items[Number(name)] = withValue(items[Number(name)], rest, value);
    return items;
  }
  // A map keeps what is there in its place.
  const fields = new Map<string, unknown>(
    typeof whole === "object" && whole !== null ? Object.entries(whole) : [],
  );
  const next = withValue(fields.get(name), rest, value);
  if (next === undefined) fields.delete(name);
  else fields.set(name, next);
  return Object.fromEntries(fields);
}

/** What a form holds before anybody has typed: what the schema says of itself. */
export function blankOf(fields: readonly Field[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap((field): [string, unknown][] => {
      const name = field.path.at(-1) ?? "";
      if (field.fallback !== undefined) return [[name, field.fallback]];
      if (field.kind === "group") {
        const inner = blankOf(field.fields);
        return Object.keys(inner).length > 0 || field.isRequired ? [[name, inner]] : [];
      }
      return [];
    }),
  );
}
