import type { InputObjectRef } from "@pothos/core";
import { z } from "zod";
import { camelCase } from "#src/http/camel-case.ts";
import { builder } from "./builder.ts";
import { enumFor } from "./enums.ts";
import { idOf } from "./global-id.ts";
import { isClosed, numberOf, withoutAbsence } from "./schema-kinds.ts";

type SchemaTypes = typeof builder.$inferSchemaTypes;
type Given = Record<string, unknown>;

/** Of which type a thing is that a field of a body names by its id. */
const typesOfIds: Readonly<Record<string, string>> = {
  project_id: "Project",
  instance_id: "PersonaInstance",
  correlation_id: "Run",
  order_id: "Order",
  product_id: "Product",
  customer_id: "Customer",
  location_id: "Location",
};

/** Inputs that are the same wherever a field of this name takes one. */
const sharedInputs: Readonly<Record<string, string>> = {
  price: "MoneyInput",
  address: "AddressInput",
  shipping_address: "AddressInput",
  items: "OrderItemInput",
};

export interface BodyInput {
  type: InputObjectRef<SchemaTypes, Given>;
  /** The body of REST for what has been given. */
  bodyOf(given: Given): Given;
}

/** What a field of a body takes: a scalar, an enumeration, or an input of its own. */
interface Taken {
  type: InputObjectRef<SchemaTypes, Given> | ReturnType<typeof enumFor> | keyof SchemaTypes["Scalars"];
  /** What REST takes for what has been given. */
  bodyOf(given: unknown): unknown;
}

const asGiven = (given: unknown): unknown => given;
const isGiven = (value: unknown): value is Given => typeof value === "object" && value !== null;

function takenFor(schema: z.core.$ZodType, name: string, field: string): Taken {
  if (schema instanceof z.ZodEnum) return { type: enumFor(name, schema.options), bodyOf: asGiven };
  if (isClosed(schema)) {
    const { type, bodyOf } = inputType(sharedInputs[field] ?? name, schema);
    return { type, bodyOf: (given) => (isGiven(given) ? bodyOf(given) : given) };
  }
  switch (schema._zod.def.type) {
    case "string": {
      const named = typesOfIds[field];
      const asId = (given: unknown) =>
        named && typeof given === "string" ? idOf(named, given, field) : given;
      return field.endsWith("_id") ? { type: "ID", bodyOf: asId } : { type: "String", bodyOf: asGiven };
    }
    case "number":
      return { type: numberOf(schema, field), bodyOf: asGiven };
    case "boolean":
      return { type: "Boolean", bodyOf: asGiven };
    default:
      return { type: "JSON", bodyOf: asGiven };
  }
}

const made = new Map<string, BodyInput>();

/**
 * The input of what takes this body, from its own schema. What its values have to be beyond their types is for the
 * operation to say, which is asked with them as they were given.
 * @param leftOut older names of fields that are there under another
 */
export function inputType(name: string, schema: z.ZodObject, leftOut: readonly string[] = []): BodyInput {
  const known = made.get(name);
  if (known) return known;
  const fields = Object.entries<z.core.$ZodType>(schema.shape)
    .filter(([field]) => !leftOut.includes(field))
    .map(([field, given]) => {
      const { schema: whole } = withoutAbsence(given);
      const isList = whole instanceof z.ZodArray;
      const plain = isList ? withoutAbsence(whole.element).schema : whole;
      const taken = takenFor(plain, `${name}${camelCase(`_${field}`)}`, field);
      return { field, isList, taken, required: !z.safeParse(given, undefined).success };
    });
  const type = builder.inputRef<Given>(name).implement({
    fields: (t) =>
      Object.fromEntries(
        fields.map(({ field, isList, taken: { type: of }, required }) => [
          camelCase(field),
          isList ? t.field({ type: [of], required }) : t.field({ type: of, required }),
        ]),
      ),
  });
  const bodyOf = (given: Given): Given =>
    Object.fromEntries(
      fields.flatMap(({ field, isList, taken }) => {
        const argument = camelCase(field);
        if (!Object.hasOwn(given, argument)) return [];
        const value = given[argument];
        return [[field, isList && Array.isArray(value) ? value.map(taken.bodyOf) : taken.bodyOf(value)]];
      }),
    );
  const input = { type, bodyOf };
  made.set(name, input);
  return input;
}
