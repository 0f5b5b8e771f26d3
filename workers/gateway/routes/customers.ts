import {
  createCustomer,
  deleteCustomer,
  exportCustomers,
  getCustomer,
  listCustomers,
  listOrdersOfCustomer,
  updateCustomer,
} from "#src/commerce/index.ts";
import { fileOffer } from "../rest/exported-file.ts";
import { byVersion } from "../rest/if-match.ts";
import { del, get, patch, post, restRouter } from "../rest/table.ts";

export const customers = restRouter("Commerce: customers", [
  get("/", listCustomers, "Customers"),
  post("/", createCustomer, "Made", { status: 201, location: ({ id }) => `/api/v1/customers/${id}` }),
  get(
    "/export",
    exportCustomers,
    "The file",
    fileOffer("customers", "name\r\nAda Lovelace\r\n", '{"name":"Ada Lovelace"}\n'),
  ),
  get("/{customer_id}", getCustomer, "The customer"),
  patch("/{customer_id}", updateCustomer, "Changed", byVersion),
  del("/{customer_id}", deleteCustomer, "Removed", { status: 204 }),
  get("/{customer_id}/orders", listOrdersOfCustomer, "Orders"),
]);
