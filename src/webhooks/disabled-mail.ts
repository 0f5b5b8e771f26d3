import type { Mail } from "#src/mail/index.ts";
import type { WebhookMessage } from "#src/tasks/index.ts";

const because: Record<WebhookMessage["reason"], string> = {
  gone: "Its receiver has answered 410, which says that it wants nothing any more.",
  failing: "A message could not be delivered in ten attempts over three days, and no other one was since.",
};

/** The letter to an administrator that tells of a webhook which the platform has switched off. */
export const disabledMail = (to: string, url: string, { reason, webhook_id }: WebhookMessage): Mail => ({
  to,
  subject: "A webhook was switched off",
  text: [
    `The webhook ${webhook_id}, which posts to ${url}, was switched off.`,
    because[reason],
    "What happens from now on is not posted to it. When its receiver works again, switch it on with is_active, and deliver again what is missing.",
    "",
  ].join("\n\n"),
});
