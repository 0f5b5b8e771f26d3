import {
  adjustStock,
  createProduct,
  deleteProduct,
  exportProducts,
  getProduct,
  listProducts,
  listStock,
  updateProduct,
} from "#src/commerce/index.ts";
import { fileOffer } from "../rest/exported-file.ts";
import { byVersion } from "../rest/if-match.ts";
import { del, get, patch, post, restRouter } from "../rest/table.ts";

export const products = restRouter("Commerce: products", [
  get("/", listProducts, "Products"),
  post("/", createProduct, "Made", { status: 201, location: ({ id }) => `/api/v1/products/${id}` }),
  get(
    "/export",
    exportProducts,
    "The file",
    fileOffer("products", "sku,name\r\nTEA-1,Oolong\r\n", '{"sku":"TEA-1"}\n'),
  ),
  get("/{product_id}", getProduct, "The product"),
  patch("/{product_id}", updateProduct, "Changed", byVersion),
  del("/{product_id}", deleteProduct, "Archived", { status: 204 }),
  get("/{product_id}/stock", listStock, "How many there are"),
  post("/{product_id}/stock", adjustStock, "How many there are now"),
]);
