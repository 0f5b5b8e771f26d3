/** Why the platform switches a webhook off: its receiver answered 410, or a message failed for good and no other was taken. */
export const disabledReasons = ["gone", "failing"] as const;
export type DisabledReason = (typeof disabledReasons)[number];

/** What has become of a message to a webhook. */
export const deliveryStatuses = ["waiting", "delivered", "failed"] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];
