import type { z } from "@hono/zod-openapi";
import type { Operation } from "#src/operation/operation.ts";
import type { builder } from "./builder.ts";
import { costs } from "./field-cost.ts";

type ArgBuilder = PothosSchemaTypes.FieldBuilder<typeof builder.$inferSchemaTypes, object>["arg"];

/** What fields that change something have: what they do, and what they cost. */
export const writing = ({
  summary,
  description,
}: Pick<Operation<z.ZodObject, z.ZodType>, "summary" | "description">) => ({
  description: description ?? summary,
  extensions: costs(10),
});

/** The argument of what may come twice and is to be done once. */
export const keyArg = (arg: ArgBuilder) => ({
  idempotencyKey: arg.string({ description: "As `Idempotency-Key` of REST, for this field" }),
});
