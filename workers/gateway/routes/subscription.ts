import { getUsageSeries } from "#src/analytics/index.ts";
import {
  cancelSubscription,
  changePlan,
  checkQuota,
  getSubscription,
  getUsage,
  listPayments,
  listTiers,
  openCheckout,
  resumeSubscription,
} from "#src/subscriptions/index.ts";
import { get, post, put, restRouter } from "../rest/table.ts";

export const subscription = restRouter("Subscription", [
  get("/", getSubscription, "The subscription"),
  get("/usage", getUsage, "Usage"),
  get("/usage/series", getUsageSeries, "The series"),
  get("/check-quota", checkQuota, "Quota"),
  get("/tiers", listTiers, "Tiers"),
  post("/cancel", cancelSubscription, "The subscription, cancelled", { bodyIsOptional: true }),
  post("/checkout", openCheckout, "The page", { status: 201, location: ({ url }) => url }),
  put("/plan", changePlan, "The subscription, as it goes on"),
  get("/payments", listPayments, "The payments"),
  post("/resume", resumeSubscription, "The subscription, as it goes on"),
]);
