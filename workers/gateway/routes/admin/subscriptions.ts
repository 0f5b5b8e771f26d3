import { createSubscription } from "#src/subscriptions/create-subscription.ts";
import { getSubscriptionOfUser } from "#src/subscriptions/get-subscription-of-user.ts";
import { listSubscriptions } from "#src/subscriptions/list-subscriptions.ts";
import { updateSubscription } from "#src/subscriptions/update-subscription.ts";
import { get, post, put, restRouter } from "../../rest.ts";

export const adminSubscriptions = restRouter("Administration: subscriptions", [
  get("/", listSubscriptions, "Subscriptions"),
  post("/", createSubscription, "The subscription", {
    status: 201,
    location: ({ user_id }) => `/api/v1/admin/subscriptions/${user_id}`,
  }),
  get("/{user_id}", getSubscriptionOfUser, "The subscription"),
  put("/{user_id}", updateSubscription, "The subscription"),
]);
