import { isoTime } from "#src/kernel/clock.ts";

interface Field {
  name: string;
  isTime: boolean;
}

/** Views have few fields, and there are many of them. */
const known = new Map<string, Field>();

function fieldOf(column: string): Field {
  const found = known.get(column) ?? {
    name: column.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    isTime: column.endsWith("At"),
  };
  known.set(column, found);
  return found;
}

/** A view as those who hear a conversation are told it: in the spelling of the REST answers, with times as ISO 8601. */
export function told(view: object): Record<string, unknown> {
  const said: Record<string, unknown> = {};
  for (const [column, value] of Object.entries<unknown>({ ...view })) {
    const { name, isTime } = fieldOf(column);
    said[name] = isTime && typeof value === "number" ? isoTime(value) : value;
  }
  return said;
}
