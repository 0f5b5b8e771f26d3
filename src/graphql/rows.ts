import type { GraphqlContext } from "./context.ts";

/** A thing as an operation answers it, by the names of its schema. */
export type Row = Readonly<Record<string, unknown>>;

type Reading = (context: GraphqlContext) => Promise<Row | null>;

const types = new WeakMap<Row, string>();
const rests = new WeakMap<Row, Reading>();

/** Says of which type a thing is that has been found by its id alone. */
export function ofType(type: string, row: Row): Row {
  types.set(row, type);
  return row;
}

export const typeOf = (row: Row): string | undefined => types.get(row);

/** Says how the fields are read that a thing is not told with; they are read once. */
export function withRest<R extends Row>(row: R, rest: Reading): R {
  let reading: ReturnType<Reading> | undefined;
  rests.set(row, (context) => {
    reading ??= rest(context);
    return reading;
  });
  return row;
}

/** A field of a thing. */
export function fieldOf(row: Row, field: string, context: GraphqlContext): unknown {
  if (Object.hasOwn(row, field)) return row[field];
  return rests
    .get(row)?.(context)
    .then((whole) => whole?.[field]);
}
