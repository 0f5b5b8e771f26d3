import { getUsageSeries } from "#src/analytics/index.ts";
import {
  cancelSubscription,
  checkQuota,
  getSubscription,
  getUsage,
  listTiers,
  resumeSubscription,
} from "#src/subscriptions/index.ts";
import { get, post, restRouter } from "../rest/table.ts";

export const subscription = restRouter("Subscription", [
  get("/", getSubscription, "The subscription"),
  get("/usage", getUsage, "Usage"),
  get("/usage/series", getUsageSeries, "The series"),
  get("/check-quota", checkQuota, "Quota"),
  get("/tiers", listTiers, "Tiers"),
  post("/cancel", cancelSubscription, "The subscription, cancelled", { bodyIsOptional: true }),
  post("/resume", resumeSubscription, "The subscription, as it goes on"),
]);
