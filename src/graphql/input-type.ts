import type { InputObjectRef } from "@pothos/core";
import { z } from "zod";
import { camelCase } from "#src/http/camel-case.ts";
import { builder } from "./builder.ts";
import { enumFor } from "./enums.ts";
import { idOf } from "./global-id.ts";
import { withoutAbsence } from "./view-type.ts";

type SchemaTypes = typeof builder.$inferSchemaTypes;
type Given = Record<string, unknown>;

/** Of which type a thing is that a field of a body names by its id. */
const typesOfIds: Readonly<Record<string, string>> = {
  project_id: "Project",
  instance_id: "PersonaInstance",
  correlation_id: "Run",
};

export interface BodyInput {
  type: InputObjectRef<SchemaTypes, Given>;
  /** The body of REST for what has been given. */
  bodyOf(given: Given): Given;
}

function leafOf(schema: z.core.$ZodType, name: string, field: string) {
  if (schema instanceof z.ZodEnum) return enumFor(name, schema.options);
  switch (schema._zod.def.type) {
    case "string":
      return field.endsWith("_id") ? "ID" : "String";
    case "number":
      return schema instanceof z.ZodNumber && schema.isInt ? "Int" : "Float";
    case "boolean":
      return "Boolean";
    default:
      return "JSON";
  }
}

/**
 * The input of what takes this body, from its own schema. What its values have to be beyond their types is for the
 * operation to say, which is asked with them as they were given.
 * @param leftOut older names of fields that are there under another
 */
export function inputType(name: string, schema: z.ZodObject, leftOut: readonly string[] = []): BodyInput {
  const fields = Object.entries<z.core.$ZodType>(schema.shape).filter(([field]) => !leftOut.includes(field));
  const type = builder.inputRef<Given>(name).implement({
    fields: (t) =>
      Object.fromEntries(
        fields.map(([field, given]) => {
          const { schema: plain } = withoutAbsence(given);
          const required = !z.safeParse(given, undefined).success;
          return [
            camelCase(field),
            t.field({ type: leafOf(plain, `${name}${camelCase(`_${field}`)}`, field), required }),
          ];
        }),
      ),
  });
  const bodyOf = (given: Given): Given =>
    Object.fromEntries(
      fields.flatMap(([field]) => {
        const argument = camelCase(field);
        if (!Object.hasOwn(given, argument)) return [];
        const value = given[argument];
        const named = typesOfIds[field];
        return [[field, named && typeof value === "string" ? idOf(named, value, field) : value]];
      }),
    );
  return { type, bodyOf };
}
