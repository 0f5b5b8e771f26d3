import SchemaBuilder from "@pothos/core";
import { GraphQLError } from "graphql";
import { z } from "zod";
import type { GraphqlContext } from "./context.ts";

/** What is answered is checked by the schemas of the operations, not again by its scalar's type. */
interface Answered<Input> {
  Input: Input;
  Output: unknown;
}

/** What the schema is built with (Pothos). */
export interface Types {
  Context: GraphqlContext;
  Scalars: {
    ID: Answered<string>;
    String: Answered<string>;
    Int: Answered<number>;
    Float: Answered<number>;
    Boolean: Answered<boolean>;
    DateTime: Answered<string>;
    MinorUnits: Answered<number>;
    JSON: Answered<NonNullable<unknown>>;
    Upload: Answered<File>;
  };
}

export const builder = new SchemaBuilder<Types>({});

const time = z.iso.datetime({ offset: true });

builder.scalarType("DateTime", {
  description: "A moment: ISO 8601, as `2026-11-01T09:30:00.000Z`",
  serialize: (value) => value,
  parseValue: (value) => {
    const { data } = time.safeParse(value);
    if (data === undefined) throw new GraphQLError("Not a moment as ISO 8601 has it");
    return data;
  },
});

builder.scalarType("MinorUnits", {
  description: "An amount of money in the minor units of its currency: a whole number, exact up to 2⁵³",
  serialize: (value) => value,
  parseValue: (value) => {
    if (typeof value === "number" && Number.isSafeInteger(value)) return value;
    throw new GraphQLError("Not a whole number of minor units");
  },
});

builder.scalarType("Upload", {
  description: "A file, sent beside the operation (GraphQL multipart request specification)",
  serialize: () => {
    throw new GraphQLError("A file is never answered");
  },
  parseValue: (value) => {
    if (value instanceof File) return value;
    throw new GraphQLError("Not a file: it comes as a part of the form");
  },
  parseLiteral: () => {
    throw new GraphQLError("A file is given as a variable");
  },
});

builder.scalarType("JSON", {
  description: "Any JSON value",
  serialize: (value) => value,
  parseValue: (value) => {
    if (value === undefined || value === null) throw new GraphQLError("There is no value");
    return value;
  },
});
