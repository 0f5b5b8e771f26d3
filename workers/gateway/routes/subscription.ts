import { checkQuota, getSubscription, getUsage, listTiers } from "#src/subscriptions/index.ts";
import { get, restRouter } from "../rest/table.ts";

export const subscription = restRouter("Subscription", [
  get("/", getSubscription, "The subscription"),
  get("/usage", getUsage, "Usage"),
  get("/check-quota", checkQuota, "Quota"),
  get("/tiers", listTiers, "Tiers"),
]);
