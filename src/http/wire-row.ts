import type { z } from "@hono/zod-openapi";
import { isoTime } from "#src/kernel/clock.ts";
import { type CamelCase, camelCase } from "./camel-case.ts";

/** Times are epoch milliseconds in rows (`createdAt`) and ISO 8601 on the wire. */
type Wired<Name, Value> = Name extends `${string}At` ? (Value extends number ? string : Value) : Value;

type Absent<Field> = undefined extends Field ? null : never;

/** The fields of a view that no column of the row gives. */
type Missing<View, Row> = {
  [Name in keyof View]: CamelCase<Name> extends infer Column extends keyof Row
    ? Wired<Column, Row[Column]> extends View[Name] | Absent<View[Name]>
      ? never
      : Name
    : Name;
}[keyof View];

type Rest<View, Row> = Pick<View, Exclude<Missing<View, Row>, undefined> & keyof View> & Partial<View>;

type Fields = Readonly<Record<string, unknown>>;

interface Field {
  name: string;
  column: string;
  isTime: boolean;
  /** Optional and never null: a column that is null leaves it out. */
  isLeftOut: boolean;
}

const known = new WeakMap<z.ZodObject, readonly Field[]>();

function fieldsOf(schema: z.ZodObject): readonly Field[] {
  const made = known.get(schema);
  if (made) return made;
  const fields = Object.entries<z.ZodType>(schema.shape).map(([name, field]) => ({
    name,
    column: camelCase(name),
    isTime: name.endsWith("_at"),
    isLeftOut: field.isOptional() && !field.isNullable(),
  }));
  known.set(schema, fields);
  return fields;
}

/**
 * A row as its schema says it on the wire: each field from the column of its name, `created_at` from `createdAt` as
 * ISO time; an optional field is left out when its column is null. What the schema does not name stays here.
 * @param rest fields that are no column of the row, or not as the column has them
 */
export function wireRow<S extends z.ZodObject, Row extends object>(
  schema: S,
  row: Row,
  ...rest: object extends Rest<z.output<S>, Row> ? [Rest<z.output<S>, Row>?] : [Rest<z.output<S>, Row>]
): z.output<S>;
export function wireRow(schema: z.ZodObject, row: Fields, rest?: Fields): unknown {
  const view: Record<string, unknown> = {};
  // A list has a hundred rows: one pass, and nothing made beside the view.
  for (const { name, column, isTime, isLeftOut } of fieldsOf(schema)) {
    const value = row[column];
    if (rest && Object.hasOwn(rest, name)) view[name] = rest[name];
    else if (isTime && typeof value === "number") view[name] = isoTime(value);
    else view[name] = isLeftOut && value === null ? undefined : value;
  }
  return view;
}
