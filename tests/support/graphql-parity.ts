import {
  type GraphQLOutputType,
  type GraphQLType,
  getNamedType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { globalId } from "#src/graphql/global-id.ts";
import { schema } from "#src/graphql/schema.ts";

/** Fields that lead from one thing to others: those are compared by themselves. */
const links: Readonly<Record<string, readonly string[]>> = {
  User: ["profile", "subscription", "usage", "quotas"],
  Project: ["instances"],
  PersonaInstance: ["project", "runs", "template", "tools", "triggers"],
  Run: ["persona"],
  Order: ["customer", "location", "payments", "events"],
  OrderItem: ["product"],
  Customer: ["orders"],
  Product: ["stock"],
  Stock: ["location"],
};

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function fieldsOf(type: GraphQLOutputType): [name: string, type: GraphQLOutputType][] {
  const named = getNamedType(type);
  if (!isObjectType(named)) return [];
  return Object.values(named.getFields())
    .filter(({ name }) => !links[named.name]?.includes(name))
    .map((field) => [field.name, field.type]);
}

/** The selection of everything that a type says of a thing itself. */
export const everythingOf = (typeName: string): string => selection(typeNamed(typeName));

/** The same, a selection for each field: what is nested is too much for one request. */
export const partsOf = (typeName: string): string[] =>
  fieldsOf(typeNamed(typeName)).map(([name, inner]) => `{ ${name} ${selection(inner)} }`);

function typeNamed(name: string) {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is no object`);
  return type;
}

const selection = (type: GraphQLOutputType): string =>
  isLeafType(getNamedType(type))
    ? ""
    : `{ ${fieldsOf(type)
        .map(([name, inner]) => `${name} ${selection(inner)}`)
        .join(" ")} }`;

/** What REST answers as GraphQL has to tell it. */
export const asGraphql = (typeName: string, answer: unknown): unknown => told(typeNamed(typeName), answer);

const entriesOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? { ...value } : {};

function told(type: GraphQLType, value: unknown): unknown {
  if (isNonNullType(type)) return told(type.ofType, value);
  if (value === null || value === undefined) return null;
  if (isListType(type)) return Array.isArray(value) ? value.map((each) => told(type.ofType, each)) : value;
  if (isEnumType(type)) return String(value).toUpperCase();
  if (!isObjectType(type)) return value;
  const row = entriesOf(value);
  const isNode = type.getInterfaces().length > 0;
  return Object.fromEntries(
    fieldsOf(type).map(([name, inner]) => {
      if (isNode && name === "id") return [name, globalId(type.name, String(row.id ?? row.correlation_id))];
      return [name, told(inner, row[snake(name)])];
    }),
  );
}
