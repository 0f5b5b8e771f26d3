import { AppError } from "#src/kernel/app-error.ts";
import { builder } from "../builder.ts";
import type { GraphqlContext } from "../context.ts";
import { OrderStatus } from "../enums.ts";
import { idOf } from "../global-id.ts";
import { type Happening, OrderUpdate, PlatformEvent, ProductUpdate, RunEvent } from "./payloads.ts";
import { fromLog, fromRun, type SourceFrame } from "./sources.ts";

const sinceIs = "The number of the event to go on after; without it what comes from now on is told";

const OrderUpdatesFilter = builder.inputType("OrderUpdatesFilter", {
  fields: (t) => ({ orderId: t.id(), customerId: t.id(), status: t.field({ type: OrderStatus }) }),
});

/** The event that an operation is carried out for; nothing where the log only says that there is none. */
const happeningIn = (frame: SourceFrame): Happening | null =>
  frame.type === "event" ? frame.happening : null;

const idGiven = (type: string, id: string | number | null | undefined, argument: string) =>
  id === null || id === undefined ? undefined : idOf(type, String(id), argument);

/** @throws AppError `INSUFFICIENT_PERMISSIONS` for another tenant than one's own, which older clients name */
function requireOwn({ actor }: GraphqlContext, tenantId: string | null | undefined): void {
  if (tenantId && tenantId !== actor.clientId) throw new AppError("INSUFFICIENT_PERMISSIONS");
}

/** Subscriptions: views of the tenant's log. */
export function addSubscriptions(): void {
  // `Subscription` is what somebody subscribes to: a tier.
  builder.subscriptionType({ name: "Subscriptions", description: "What happens, as it happens" });
  builder.subscriptionFields((t) => ({
    events: t.field({
      type: PlatformEvent,
      nullable: true,
      description: "What happens in the tenant, as far as you may hear of it",
      args: {
        patterns: t.arg.stringList({ required: true, description: "At most 50, as `order.*`" }),
        since: t.arg.int({ description: sinceIs }),
      },
      subscribe: (_root, { patterns, since }, context) => fromLog(context, { events: patterns, since }),
      resolve: happeningIn,
    }),
    runEvents: t.field({
      type: RunEvent,
      nullable: true,
      description: "What happens in a run, with its text as it is written; ends with the run",
      args: { runId: t.arg.id({ required: true }), since: t.arg.int({ description: sinceIs }) },
      subscribe: (_root, { runId, since }, context) =>
        fromRun(context, { runId: idOf("Run", String(runId), "runId"), since }),
      resolve: happeningIn,
    }),
    personaEvents: t.field({
      type: RunEvent,
      nullable: true,
      description: "What happens in all runs of a persona",
      args: { instanceId: t.arg.id({ required: true }), since: t.arg.int({ description: sinceIs }) },
      subscribe: (_root, { instanceId, since }, context) => {
        const id = idOf("PersonaInstance", String(instanceId), "instanceId");
        return fromLog(context, { events: ["execution.**"], since, where: { instance_id: id } });
      },
      resolve: happeningIn,
    }),
    orderUpdates: t.field({
      type: OrderUpdate,
      nullable: true,
      description: "What happens to orders",
      args: {
        filter: t.arg({ type: OrderUpdatesFilter }),
        tenantId: t.arg.string({ description: "For older clients: one's own tenant, and no other" }),
        since: t.arg.int({ description: sinceIs }),
      },
      subscribe: (_root, { filter, tenantId, since }, context) => {
        requireOwn(context, tenantId);
        const customer = idGiven("Customer", filter?.customerId, "filter.customerId");
        const { status } = filter ?? {};
        return fromLog(context, {
          events: ["order.**"],
          entityId: idGiven("Order", filter?.orderId, "filter.orderId"),
          since,
          where: { ...(customer !== undefined && { customer_id: customer }), ...(status && { status }) },
        });
      },
      resolve: happeningIn,
    }),
    productUpdates: t.field({
      type: ProductUpdate,
      nullable: true,
      description: "What happens to products, and to how many of them there are",
      args: { productId: t.arg.id(), since: t.arg.int({ description: sinceIs }) },
      subscribe: (_root, { productId, since }, context) =>
        fromLog(context, {
          events: ["product.**"],
          entityId: idGiven("Product", productId, "productId"),
          since,
        }),
      resolve: happeningIn,
    }),
  }));
}
