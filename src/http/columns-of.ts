import { type CamelCase, camelCase } from "./camel-case.ts";

type Columns<Fields> = { [Name in keyof Fields as CamelCase<Name>]: Fields[Name] };

/** What a body gives, as columns of a row: `is_active` as `isActive`; what it leaves out is not there. */
export function columnsOf<Fields extends object>(fields: Fields): Columns<Fields>;
export function columnsOf(fields: object): unknown {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [camelCase(name), value]));
}
