import {
  getCustomer,
  getLocation,
  getOrder,
  getProduct,
  listOrderEvents,
  listOrderPayments,
  listStock,
} from "#src/commerce/index.ts";
import { connectionOf } from "../connection.ts";
import { viewType } from "../view-type.ts";

const money = {
  price: "Money",
  unit_price: "Money",
  subtotal: "Money",
  discount: "Money",
  tax: "Money",
  shipping: "Money",
  total: "Money",
  paid: "Money",
  refunded: "Money",
  amount: "Money",
  lifetime_value: "Money",
  address: "Address",
  shipping_address: "Address",
};

export const Product = viewType("Product", getProduct.output, {
  node: "id",
  names: money,
});
export const ProductConnection = connectionOf("Product", Product);

export const Location = viewType("Location", getLocation.output, { node: "id" });
export const LocationConnection = connectionOf("Location", Location);

export const Customer = viewType("Customer", getCustomer.output, { node: "id", names: money });
export const CustomerConnection = connectionOf("Customer", Customer);

const { items } = getOrder.output.shape;

export const Order = viewType("Order", getOrder.output.omit({ items: true, customer: true }), {
  node: "id",
  names: money,
});
export const OrderConnection = connectionOf("Order", Order);
export const OrderItem = viewType("OrderItem", items.unwrap().element, { names: money });

const { payments } = listOrderPayments.output.shape;
export const Payment = viewType("OrderPayment", payments.element, { names: money });
export const PaymentConnection = connectionOf("OrderPayment", Payment);

const { events } = listOrderEvents.output.shape;
export const OrderEvent = viewType("OrderEvent", events.element);
export const OrderEventConnection = connectionOf("OrderEvent", OrderEvent);

const { stock } = listStock.output.shape;
export const Stock = viewType("Stock", stock.element);
