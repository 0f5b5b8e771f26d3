import type { ObjectRef } from "@pothos/core";
import { z } from "zod";
import { camelCase } from "#src/http/camel-case.ts";
import { builder } from "./builder.ts";
import type { GraphqlContext } from "./context.ts";
import { enumFor } from "./enums.ts";
import { costs } from "./field-cost.ts";
import { globalId } from "./global-id.ts";
import { Node } from "./node.ts";
import { fieldOf, type Row } from "./rows.ts";
import { isClosed, numberOf, withoutAbsence } from "./schema-kinds.ts";

type SchemaTypes = typeof builder.$inferSchemaTypes;
export type ViewType = ObjectRef<SchemaTypes, Row>;
type FieldsOfView = PothosSchemaTypes.ObjectFieldBuilder<SchemaTypes, Row>;
type Leaf = keyof SchemaTypes["Scalars"] | ReturnType<typeof enumFor>;

interface Options {
  /** The field that names one of these; makes it a node. */
  node?: string;
  /** What objects in its fields are called, where it is not after the type and the field. */
  names?: Readonly<Record<string, string>>;
  /** Whole numbers that can be more than 32 bits hold. */
  large?: readonly string[];
}

const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null;

/** The scalar of a field; undefined where it is an object all of whose fields are known. */
function leafOf(schema: z.core.$ZodType, name: string, field: string, { large }: Options): Leaf | undefined {
  if (schema instanceof z.ZodEnum) return enumFor(name, schema.options);
  switch (schema._zod.def.type) {
    case "string":
    case "literal":
      if (/_(?:at|until)$/.test(field) || field === "since") return "DateTime";
      return /(?:^|_)id$/.test(field) ? "ID" : "String";
    case "number":
      return numberOf(schema, field, large);
    case "boolean":
      return "Boolean";
    case "object":
      return isClosed(schema) ? undefined : "JSON";
    default:
      return "JSON";
  }
}

function addField(t: FieldsOfView, parent: string, field: string, given: z.core.$ZodType, options: Options) {
  const name = options.names?.[field] ?? `${parent}${camelCase(`_${field}`)}`;
  const { schema: whole, nullable } = withoutAbsence(given);
  const isList = whole instanceof z.ZodArray;
  const schema = isList ? withoutAbsence(whole.element).schema : whole;
  const leaf = leafOf(schema, name, field, options);
  const told = (row: Row, _args: object, context: GraphqlContext, _info?: unknown) =>
    fieldOf(row, field, context);
  if (leaf !== undefined) {
    return isList
      ? t.field({ type: [leaf], nullable, resolve: async (...at) => listOf(await told(...at)) })
      : t.field({ type: leaf, nullable, resolve: told, extensions: costs(parent === "Money" ? 0 : 1) });
  }
  if (!(schema instanceof z.ZodObject)) throw new Error(`${parent}.${field} is of no known kind`);
  const type = viewType(name, schema, options);
  return isList
    ? t.field({
        type: [type],
        nullable,
        resolve: async (...at) => listOf(await told(...at)).filter(isRow),
      })
    : t.field({ type, nullable: true, resolve: async (...at) => rowOf(await told(...at)) });
}

const rowOf = (value: unknown): Row | null => (isRow(value) ? value : null);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const made = new WeakMap<z.core.$ZodType, ViewType>();
/** Types of objects that many fields have: those of one name are one type. */
const named = new Map<string, ViewType>();

/**
 * The type of what an operation answers, from its own schema: `created_at` is `createdAt`, an object with fields that
 * nobody knows is `JSON`, a field that may be left out may be null.
 */
export function viewType(name: string, schema: z.ZodObject, options: Options = {}): ViewType {
  const known = made.get(schema) ?? named.get(name);
  if (known) return known;
  const { node, ...inherited } = options;
  const ref: ViewType = builder.objectRef<Row>(name);
  made.set(schema, ref);
  named.set(name, ref);
  builder.objectType(ref, {
    interfaces: node === undefined ? [] : [Node],
    fields: (t) =>
      Object.fromEntries(
        Object.entries<z.core.$ZodType>(schema.shape)
          .filter(([field]) => node === undefined || field !== "id")
          .map(([field, type]) => [camelCase(field), addField(t, name, field, type, inherited)]),
      ),
  });
  if (node !== undefined)
    builder.objectField(ref, "id", (t) =>
      t.field({ type: "ID", nullable: false, resolve: ({ [node]: id }) => globalId(name, String(id)) }),
    );
  return ref;
}
