import {
  createSubscription,
  getSubscriptionOfUser,
  listSubscriptions,
  updateSubscription,
} from "#src/subscriptions/index.ts";
import { get, post, put, restRouter } from "../../rest/table.ts";

export const adminSubscriptions = restRouter("Administration: subscriptions", [
  get("/", listSubscriptions, "Subscriptions"),
  post("/", createSubscription, "The subscription", {
    status: 201,
    location: ({ user_id }) => `/api/v1/admin/subscriptions/${user_id}`,
  }),
  get("/{user_id}", getSubscriptionOfUser, "The subscription"),
  put("/{user_id}", updateSubscription, "The subscription"),
]);
