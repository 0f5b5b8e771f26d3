import { getShopDashboard } from "#src/commerce/index.ts";
import { askAnalytics, getAnalyticsCatalogue } from "#src/questions/index.ts";
import { get, post, restRouter } from "../rest/table.ts";

export const analytics = restRouter("Commerce: figures", [
  get("/dashboard", getShopDashboard, "The figures"),
  get("/catalogue", getAnalyticsCatalogue, "Data sets"),
  post("/query", askAnalytics, "The answer"),
]);
