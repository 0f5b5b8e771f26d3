import type { z } from "@hono/zod-openapi";
import type { Actor } from "#src/kernel/actor.ts";
import type { Operation } from "#src/operation/operation.ts";
import type { builder } from "./builder.ts";
import { askFor } from "./context.ts";
import { globalId, idOf } from "./global-id.ts";
import type { BodyInput } from "./input-type.ts";
import { keyArg, writing } from "./mutation-field.ts";
import type { Row } from "./rows.ts";
import type { ViewType } from "./view-type.ts";

type Fields = PothosSchemaTypes.MutationFieldBuilder<typeof builder.$inferSchemaTypes, object>;

/** What is changed: its type, and how the operation's path calls its id. */
interface Target<P extends string> {
  node: string;
  param: P;
}

type Creates<A extends Actor> = Operation<z.ZodObject<{ body: z.ZodObject }>, z.ZodObject, A>;
type Updates<A extends Actor> = Operation<
  z.ZodObject<{ params: z.ZodObject; body: z.ZodObject }>,
  z.ZodObject,
  A
>;
type Deletes<A extends Actor> = Operation<z.ZodObject<{ params: z.ZodObject }>, z.ZodVoid, A>;

/** The field that makes a thing. */
export const creating = <A extends Actor>(
  t: Fields,
  operation: Creates<A>,
  type: ViewType,
  input: BodyInput,
) =>
  t.field({
    ...writing(operation),
    type,
    args: { input: t.arg({ type: input.type, required: true }), ...keyArg(t.arg) },
    resolve: (_root, args, context): Promise<Row> =>
      askFor(context, operation, { body: input.bodyOf(args.input) }, args.idempotencyKey),
  });

/** The field that changes a thing, or does something with it. */
export const updating = <A extends Actor, P extends string>(
  t: Fields,
  operation: Updates<A>,
  { node, param }: Target<P>,
  type: ViewType,
  input: BodyInput,
) =>
  t.field({
    ...writing(operation),
    type,
    args: { id: t.arg.id({ required: true }), input: t.arg({ type: input.type }), ...keyArg(t.arg) },
    resolve: (_root, args, context): Promise<Row> =>
      askFor(
        context,
        operation,
        { params: { [param]: idOf(node, args.id) }, body: input.bodyOf(args.input ?? {}) },
        args.idempotencyKey,
      ),
  });

/** The field that takes a file of things over. */
export const importing = <A extends Actor>(t: Fields, operation: Creates<A>, type: ViewType) =>
  t.field({
    ...writing(operation),
    type,
    args: {
      file: t.arg({ type: "Upload", required: true }),
      dryRun: t.arg.boolean({ description: "Whether it is only said what would come of it" }),
    },
    resolve: (_root, { file, dryRun }, context): Promise<Row> =>
      askFor(context, operation, { body: { file, dry_run: dryRun ?? false } }),
  });

/** The field that removes a thing; it gives the id that the thing had. */
export const deleting = <A extends Actor, P extends string>(
  t: Fields,
  operation: Deletes<A>,
  { node, param }: Target<P>,
) =>
  t.field({
    ...writing(operation),
    type: "ID",
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, args, context) => {
      const id = idOf(node, args.id);
      await askFor(context, operation, { params: { [param]: id } });
      return globalId(node, id);
    },
  });
