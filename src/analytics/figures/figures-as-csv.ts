import { neutraliseFormula } from "#src/exports/index.ts";

/** What an entry of a list is called by. */
const keys = ["at", "name", "instance_id", "event", "queue", "provider", "first"] as const;

const cell = (value: unknown): string => {
  const text = typeof value === "string" ? neutraliseFormula(value) : String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const nameOf = (entry: unknown, index: number): string => {
  if (typeof entry !== "object" || entry === null) return String(index);
  const named = keys.map((key) => Reflect.get(entry, key)).find((value) => typeof value === "string");
  return typeof named === "string" ? named : String(index);
};

function* leaves(path: readonly string[], value: unknown): Generator<[string[], unknown]> {
  if (typeof value !== "object" || value === null) yield [[...path], value];
  else if (Array.isArray(value))
    for (const [index, entry] of value.entries()) yield* leaves([...path, nameOf(entry, index)], entry);
  else for (const [key, part] of Object.entries(value)) yield* leaves([...path, key], part);
}

/** The same as CSV: a line for each figure, with what it is in three columns. */
export function figuresAsCsv(answer: unknown): string {
  const lines = [...leaves([], answer)].map(([path, value]) => {
    const [part = "", ...parts] = path;
    return [part, parts.slice(0, -1).join(" / "), parts.at(-1) ?? "", value].map(cell).join(",");
  });
  return `${["part,of,figure,value", ...lines].join("\r\n")}\r\n`;
}
