import type { builder } from "./builder.ts";

type SchemaTypes = typeof builder.$inferSchemaTypes;
type ArgBuilder = PothosSchemaTypes.FieldBuilder<SchemaTypes, object>["arg"];

/** The arguments of a connection, which goes forward: 20 a page unless asked otherwise, at most 100. */
export const pageArgs = (arg: ArgBuilder) => ({
  first: arg.int({ description: "Entries of a page, 1 to 100" }),
  after: arg.string({ description: "A cursor: what comes behind it" }),
});
