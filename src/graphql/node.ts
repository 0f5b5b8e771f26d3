import { AppError } from "#src/kernel/app-error.ts";
import { builder } from "./builder.ts";
import type { GraphqlContext } from "./context.ts";
import { costs, maxIds } from "./field-cost.ts";
import { readGlobalId } from "./global-id.ts";
import { ofType, type Row, typeOf } from "./rows.ts";

/** Whatever has an id that says of which type it is (Relay's object identification). */
export const Node = builder.interfaceRef<Row>("Node").implement({
  description: "Whatever can be asked for by its id alone",
  fields: (t) => ({ id: t.field({ type: "ID", nullable: false, resolve: ({ id }) => id }) }),
  resolveType: typeOf,
});

/** Finds one thing of a type by its id. */
type Finder = (context: GraphqlContext, id: string) => Promise<Row>;

/**
 * The queries of things by their ids alone.
 * @param finders for each type that is a node
 */
export function addNodes(finders: Readonly<Record<string, Finder>>): void {
  const find = async (context: GraphqlContext, given: string): Promise<Row> => {
    const { type, id } = readGlobalId(given) ?? {};
    const finder = type !== undefined && Object.hasOwn(finders, type) ? finders[type] : undefined;
    if (type === undefined || id === undefined || !finder) throw new AppError("NOT_FOUND");
    return ofType(type, await finder(context, id));
  };
  builder.queryFields((t) => ({
    node: t.field({
      type: Node,
      description: "The thing of an id",
      args: { id: t.arg.id({ required: true }) },
      resolve: (_root, { id }, context) => find(context, id),
    }),
    nodes: t.field({
      type: [Node],
      nullable: { list: true, items: true },
      description: `The things of up to ${maxIds} ids, in their order; null where there is none`,
      args: { ids: t.arg.idList({ required: true }) },
      extensions: costs(1, "ids"),
      resolve: (_root, { ids }, context) => {
        if (ids.length > maxIds)
          throw new AppError("VALIDATION_ERROR", {
            details: { fields: [{ path: "ids", message: `At most ${maxIds}` }] },
          });
        return ids.map((id) => find(context, id));
      },
    }),
  }));
}
