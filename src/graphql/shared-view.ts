import { type DocumentNode, TypeInfo, visit, visitWithTypeInfo } from "graphql";
import { schema } from "./schema.ts";

/**
 * Types of which everybody is told the same who has the same rights: events themselves, and what is in the shop's books,
 * which belong to nobody. Of all others it may depend on whose they are.
 */
const shared: ReadonlySet<string> = new Set([
  "Subscriptions",
  "PlatformEvent",
  "RunEvent",
  "OrderUpdate",
  "ProductUpdate",
  "Address",
  "Customer",
  "CustomerConnection",
  "CustomerEdge",
  "Location",
  "LocationConnection",
  "LocationEdge",
  "Money",
  "Order",
  "OrderConnection",
  "OrderEdge",
  "OrderEvent",
  "OrderEventConnection",
  "OrderEventEdge",
  "OrderItem",
  "OrderPayment",
  "OrderPaymentConnection",
  "OrderPaymentEdge",
  "PageInfo",
  "Product",
  "ProductConnection",
  "ProductEdge",
  "Stock",
]);

/** Whether what a document asks for is the same for all who have the same rights, so that it is carried out once for them. */
export function isSharedView(document: DocumentNode): boolean {
  let isShared = true;
  const types = new TypeInfo(schema);
  const Field = () => {
    isShared &&= shared.has(types.getParentType()?.name ?? "");
  };
  visit(document, visitWithTypeInfo(types, { Field }));
  return isShared;
}
