import { builder } from "../builder.ts";
import { findOrder, findProduct } from "../commerce/finders.ts";
import { Order, Product } from "../commerce/types.ts";
import { globalId } from "../global-id.ts";
import type { Row } from "../rows.ts";
import { findRun, Run } from "../runs/run-type.ts";

/** Something that has happened, as a subscription is told of it. */
export interface Happening {
  /** Its number in the tenant's log; null of text that is being written, which no log keeps. */
  seq: number | null;
  event: string;
  entityId: string;
  at: string | null;
  data: Row;
}

type Fields = PothosSchemaTypes.ObjectFieldBuilder<typeof builder.$inferSchemaTypes, Happening>;

const textIn = ({ data }: Happening, field: string): string | null => {
  const value = data[field];
  return typeof value === "string" ? value : null;
};

/** What all of them tell. */
const common = (t: Fields) => ({
  seq: t.int({
    nullable: true,
    description: "Its number in the tenant's log; null of text, which is not kept",
    resolve: ({ seq }) => seq,
  }),
  event: t.string({ nullable: false, description: "What has happened", resolve: ({ event }) => event }),
  at: t.field({ type: "DateTime", nullable: true, resolve: ({ at }) => at }),
  data: t.field({ type: "JSON", nullable: false, description: "What it says", resolve: ({ data }) => data }),
});

const named = (name: string) => builder.objectRef<Happening>(name);

export const PlatformEvent = named("PlatformEvent").implement({
  description: "An event of the tenant's log",
  fields: (t) => ({
    ...common(t),
    entityId: t.string({
      nullable: false,
      description: "What it is about, as REST names it",
      resolve: ({ entityId }) => entityId,
    }),
  }),
});

export const RunEvent = named("RunEvent").implement({
  description: "Something that has happened in a run, or text that it is writing",
  fields: (t) => ({
    ...common(t),
    step: t.string({ nullable: true, resolve: (event) => textIn(event, "step") }),
    text: t.string({
      nullable: true,
      description: "The next part of a text that is being written",
      resolve: (event) => textIn(event, "text"),
    }),
    run: t.field({
      type: Run,
      nullable: true,
      description: "As it is now",
      resolve: ({ entityId }, _args, context) => findRun(context, entityId),
    }),
  }),
});

export const OrderUpdate = named("OrderUpdate").implement({
  description: "Something that has happened to an order",
  fields: (t) => ({
    ...common(t),
    orderId: t.id({ nullable: false, resolve: ({ entityId }) => globalId("Order", entityId) }),
    previousStatus: t.string({ nullable: true, resolve: (event) => textIn(event, "previous_status") }),
    order: t.field({
      type: Order,
      nullable: true,
      description: "As it is now",
      resolve: ({ entityId }, _args, context) => findOrder(context, entityId),
    }),
  }),
});

export const ProductUpdate = named("ProductUpdate").implement({
  description: "Something that has happened to a product, or to how many of it there are",
  fields: (t) => ({
    ...common(t),
    product: t.field({
      type: Product,
      nullable: true,
      description: "As it is now",
      resolve: ({ entityId }, _args, context) => findProduct(context, entityId),
    }),
  }),
});
