import {
  adjustStock,
  cancelOrder,
  completeOrder,
  confirmOrder,
  createCustomer,
  createLocation,
  createOrder,
  createOrderPayment,
  createProduct,
  deleteCustomer,
  deleteLocation,
  deleteProduct,
  fulfilOrder,
  importCustomers,
  importProducts,
  returnOrder,
  updateCustomer,
  updateLocation,
  updateOrder,
  updateProduct,
} from "#src/commerce/index.ts";
import { builder } from "../builder.ts";
import { creating, deleting, importing, updating } from "../changes.ts";
import { inputType } from "../input-type.ts";
import { viewType } from "../view-type.ts";
import { Customer, Location, Order, Payment, Product, Stock } from "./types.ts";

const inputs = {
  createOrder: inputType("CreateOrderInput", createOrder.input.shape.body),
  updateOrder: inputType("UpdateOrderInput", updateOrder.input.shape.body),
  actOnOrder: inputType("OrderActionInput", confirmOrder.input.shape.body),
  cancelOrder: inputType("CancelOrderInput", cancelOrder.input.shape.body),
  returnOrder: inputType("ReturnOrderInput", returnOrder.input.shape.body),
  recordPayment: inputType("RecordPaymentInput", createOrderPayment.input.shape.body),
  createProduct: inputType("CreateProductInput", createProduct.input.shape.body),
  updateProduct: inputType("UpdateProductInput", updateProduct.input.shape.body),
  adjustStock: inputType("AdjustStockInput", adjustStock.input.shape.body),
  createLocation: inputType("CreateLocationInput", createLocation.input.shape.body),
  updateLocation: inputType("UpdateLocationInput", updateLocation.input.shape.body),
  createCustomer: inputType("CreateCustomerInput", createCustomer.input.shape.body),
  updateCustomer: inputType("UpdateCustomerInput", updateCustomer.input.shape.body),
};

const ImportReport = viewType("ShopImportReport", importProducts.output);

const order = { node: "Order", param: "order_id" } as const;
const product = { node: "Product", param: "product_id" } as const;
const location = { node: "Location", param: "location_id" } as const;
const customer = { node: "Customer", param: "customer_id" } as const;

/** What changes what there is in commerce. */
export function addCommerceMutations(): void {
  builder.mutationFields((t) => ({
    createOrder: creating(t, createOrder, Order, inputs.createOrder),
    updateOrder: updating(t, updateOrder, order, Order, inputs.updateOrder),
    confirmOrder: updating(t, confirmOrder, order, Order, inputs.actOnOrder),
    fulfilOrder: updating(t, fulfilOrder, order, Order, inputs.actOnOrder),
    completeOrder: updating(t, completeOrder, order, Order, inputs.actOnOrder),
    cancelOrder: updating(t, cancelOrder, order, Order, inputs.cancelOrder),
    returnOrder: updating(t, returnOrder, order, Order, inputs.returnOrder),
    recordPayment: updating(t, createOrderPayment, order, Payment, inputs.recordPayment),
    createProduct: creating(t, createProduct, Product, inputs.createProduct),
    importProducts: importing(t, importProducts, ImportReport),
    updateProduct: updating(t, updateProduct, product, Product, inputs.updateProduct),
    archiveProduct: deleting(t, deleteProduct, product),
    adjustStock: updating(t, adjustStock, product, Stock, inputs.adjustStock),
    createLocation: creating(t, createLocation, Location, inputs.createLocation),
    updateLocation: updating(t, updateLocation, location, Location, inputs.updateLocation),
    deleteLocation: deleting(t, deleteLocation, location),
    createCustomer: creating(t, createCustomer, Customer, inputs.createCustomer),
    importCustomers: importing(t, importCustomers, ImportReport),
    updateCustomer: updating(t, updateCustomer, customer, Customer, inputs.updateCustomer),
    deleteCustomer: deleting(t, deleteCustomer, customer),
  }));
}
