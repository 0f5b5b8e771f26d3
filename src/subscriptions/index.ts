/** The door of `subscriptions`: what other rooms may import of it. */
export { billingPeriodStart } from "./billing-period.ts";
export { cancelSubscription } from "./cancel-subscription.ts";
export { checkQuota } from "./check-quota.ts";
export { createSubscription } from "./create-subscription.ts";
export { endLapsedSubscriptions } from "./end-lapsed-subscriptions.ts";
export { getSubscription } from "./get-subscription.ts";
export { getSubscriptionOfUser } from "./get-subscription-of-user.ts";
export { getUsage } from "./get-usage.ts";
export { listSubscriptions } from "./list-subscriptions.ts";
export { listTiers } from "./list-tiers.ts";
export { changePlan } from "./payments/change-plan.ts";
export { listPayments } from "./payments/list-payments.ts";
export { openCheckout } from "./payments/open-checkout.ts";
export { receivePaymentNotice } from "./payments/receive-payment-notice.ts";
export { tellProvider } from "./payments/tell-provider.ts";
export { withinPersonaQuota, withinProjectQuota } from "./quota-condition.ts";
export { resumeSubscription } from "./resume-subscription.ts";
export { updateSubscription } from "./update-subscription.ts";
