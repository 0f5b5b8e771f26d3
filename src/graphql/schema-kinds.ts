import { z } from "zod";

/** A field's schema without what says that it may be left out, or be null. */
export function withoutAbsence(schema: z.core.$ZodType): { schema: z.core.$ZodType; nullable: boolean } {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional)
    return { ...withoutAbsence(schema.unwrap()), nullable: true };
  if (schema instanceof z.ZodDefault) return withoutAbsence(schema.unwrap());
  const other = orNull(schema);
  if (other) return { ...withoutAbsence(other), nullable: true };
  return { schema, nullable: schema instanceof z.ZodUnknown };
}

/** What a schema says that has one alternative besides null. */
function orNull(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  if (!(schema instanceof z.ZodUnion)) return undefined;
  const [first, second] = schema.options;
  return schema.options.length === 2 && second instanceof z.ZodNull ? first : undefined;
}

/** Whether a schema is of an object all of whose fields are known. */
export const isClosed = (schema: z.core.$ZodType): schema is z.ZodObject =>
  schema instanceof z.ZodObject && (!schema.def.catchall || schema.def.catchall instanceof z.ZodNever);

/** The scalar of a number: an amount of money is more than 32 bits hold, and so is what else is said to be `large`. */
export function numberOf(schema: z.core.$ZodType, field: string, large: readonly string[] = []) {
  if (!(schema instanceof z.ZodNumber && schema.isInt)) return "Float";
  if (field === "amount") return "MinorUnits";
  return large.includes(field) ? "Float" : "Int";
}
