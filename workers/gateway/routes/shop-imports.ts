import { importCustomers, importProducts, shopImportFormSchema } from "#src/commerce/index.ts";
import { importForm } from "../import-form.ts";
import { post, restRouter } from "../rest/table.ts";

const file = {
  body: {
    documented: { required: true, content: { "multipart/form-data": { schema: shopImportFormSchema } } },
    read: importForm,
  },
} as const;

/** Files of products and of customers; stand before what lets only JSON through. */
export const productImport = restRouter("Commerce: products", [
  post("/import", importProducts, "What became of the rows", file),
]);
export const customerImport = restRouter("Commerce: customers", [
  post("/import", importCustomers, "What became of the rows", file),
]);
