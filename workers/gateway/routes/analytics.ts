import { getShopDashboard } from "#src/commerce/index.ts";
import { get, restRouter } from "../rest/table.ts";

export const analytics = restRouter("Commerce: figures", [
  get("/dashboard", getShopDashboard, "The figures"),
]);
