import { checkQuota } from "#src/subscriptions/check-quota.ts";
import { getSubscription } from "#src/subscriptions/get-subscription.ts";
import { getUsage } from "#src/subscriptions/get-usage.ts";
import { listTiers } from "#src/subscriptions/list-tiers.ts";
import { get, restRouter } from "../rest.ts";

export const subscription = restRouter("Subscription", [
  get("/", getSubscription, "The subscription"),
  get("/usage", getUsage, "Usage"),
  get("/check-quota", checkQuota, "Quota"),
  get("/tiers", listTiers, "Tiers"),
]);
