import { isMap, isScalar, parseDocument, stringify } from "yaml";

/** A place in a text, and what is wrong there. */
export interface TextProblem {
  from: number;
  to: number;
  message: string;
  isWarning?: boolean;
}

/** What a text says: a value, or what keeps it from being one; and where each part of it stands. */
export interface ReadText {
  value: Record<string, unknown> | undefined;
  problems: readonly TextProblem[];
  /** Where what a path names stands (`steps.write.topic`), or the nearest above it that does. */
  placeOf(path: string): { from: number; to: number };
  /** The step that a place of the text is in. */
  stepAt(place: number): string | undefined;
}

/** Plans are written as YAML, and stored as JSON. */
export const textOf = (value: unknown): string => stringify(value, { lineWidth: 0 });

/**
 * Reads a configuration as it is being written.
 * @param stepsAt the path at which the steps of its plan stand
 */
export function readText(text: string, stepsAt: readonly string[]): ReadText {
  const document = parseDocument(text);
  const problems = document.errors.map(({ pos: [from, to], message }) => ({
    from,
    to: Math.max(to, from + 1),
    message: message.split("\n")[0] ?? message,
  }));
  const value: unknown = problems.length === 0 ? document.toJS() : undefined;
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return {
    value: isObject ? Object.fromEntries(Object.entries(value)) : undefined,
    problems:
      problems.length > 0 || isObject
        ? problems
        : [{ from: 0, to: text.length, message: "This is no object: fields and their values" }],
    placeOf: (path) => placeIn(document, path.split(".").filter(Boolean), text.length),
    stepAt(place) {
      const steps = document.getIn(stepsAt, true);
      if (!isMap(steps)) return undefined;
      const found = steps.items.find(({ key, value: node }) => {
        const from = isScalar(key) ? key.range?.[0] : undefined;
        const to = hasRange(node) ? node.range[2] : undefined;
        return from !== undefined && to !== undefined && from <= place && place <= to;
      });
      return found && isScalar(found.key) ? String(found.key.value) : undefined;
    },
  };
}

const hasRange = (node: unknown): node is { range: [number, number, number] } =>
  typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range);

function placeIn(document: ReturnType<typeof parseDocument>, path: readonly string[], length: number) {
  for (let depth = path.length; depth > 0; depth--) {
    const above = document.getIn(path.slice(0, depth - 1), true);
    const name = path[depth - 1];
    const key = isMap(above)
      ? above.items.find(({ key: each }) => isScalar(each) && String(each.value) === name)?.key
      : undefined;
    if (hasRange(key)) return { from: key.range[0], to: key.range[1] };
    const node = document.getIn(path.slice(0, depth), true);
    if (hasRange(node)) return { from: node.range[0], to: node.range[1] };
  }
  return { from: 0, to: Math.min(1, length) };
}
