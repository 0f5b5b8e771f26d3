import {
  cancelOrder,
  completeOrder,
  confirmOrder,
  createOrder,
  createOrderPayment,
  exportOrders,
  fulfilOrder,
  getOrder,
  listOrderEvents,
  listOrderPayments,
  listOrders,
  returnOrder,
  updateOrder,
} from "#src/commerce/index.ts";
import { fileOffer } from "../rest/exported-file.ts";
import { byVersion } from "../rest/if-match.ts";
import { get, patch, post, restRouter } from "../rest/table.ts";

const optional = { ...byVersion, bodyIsOptional: true } as const;

export const orders = restRouter("Commerce: orders", [
  get("/", listOrders, "Orders"),
  post("/", createOrder, "Made", { status: 201, location: ({ id }) => `/api/v1/orders/${id}` }),
  get(
    "/export",
    exportOrders,
    "The file",
    fileOffer("orders", "number,total\r\n1042,2198\r\n", '{"number":1042}\n'),
  ),
  get("/{order_id}", getOrder, "The order"),
  patch("/{order_id}", updateOrder, "Changed", byVersion),
  post("/{order_id}/confirm", confirmOrder, "Confirmed", optional),
  post("/{order_id}/fulfil", fulfilOrder, "Fulfilled", optional),
  post("/{order_id}/complete", completeOrder, "Completed", optional),
  post("/{order_id}/cancel", cancelOrder, "Cancelled", optional),
  post("/{order_id}/return", returnOrder, "Returned", optional),
  get("/{order_id}/payments", listOrderPayments, "The ledger"),
  post("/{order_id}/payments", createOrderPayment, "Recorded", {
    status: 201,
    location: ({ order_id }) => `/api/v1/orders/${order_id}/payments`,
  }),
  get("/{order_id}/events", listOrderEvents, "What has been done"),
]);
