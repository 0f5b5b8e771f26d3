import { isObject } from "./parts.ts";
import type { Work } from "./work.ts";

/** Characters of JSON that take as long as one visit of a subschema. */
const charactersPerVisit = 64;

const sorted = (_: string, part: unknown): unknown =>
  isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part;

/** A value as text that equal values share, in whatever order their keys are. */
export function canonical(value: unknown, work: Work): string {
  const text = JSON.stringify(value, sorted) ?? "";
  work.spend(1 + text.length / charactersPerVisit);
  return text;
}
