import { auditStatement } from "#src/audit/index.ts";
import { outboxStatement } from "#src/events/index.ts";
import { sendMails } from "#src/mail/index.ts";
import type { TenantObjects } from "#src/objects/objects.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import { retryDelay, type WebhookMessage, webhookMessageSchema } from "#src/tasks/index.ts";
import { disabledMail } from "./disabled-mail.ts";
import { administratorsOf, findWebhook, isInForce, noteDisabled } from "./webhook-repository.ts";

/** Administrators who get a letter. */
const maxLetters = 20;

interface Noticing extends Pick<Platform, "db" | "clock" | "log" | "mailer"> {
  objects: Pick<TenantObjects, "workflows">;
  /** Hands a tenant's waiting events to its log; what fails is left to the sweep. */
  announce(clientId: string): Promise<unknown>;
}

/** Whether a message of `platform-events` is about a webhook, and no copy for the read models. */
export const isAboutWebhook = ({ body }: Pick<Message, "body">): boolean =>
  webhookMessageSchema.safeParse(body).success;

/** Notes that webhooks have switched themselves off, and tells their administrators; what fails is delivered again. */
export async function consumeWebhookNotices(messages: readonly Message[], platform: Noticing): Promise<void> {
  for (const message of messages) {
    try {
      await note(webhookMessageSchema.parse(message.body), platform);
      message.ack();
    } catch (error) {
      platform.log.error("a webhook's end not noted; the message is delivered again", errorFields(error));
      message.retry({ delaySeconds: retryDelay(message.attempts) });
    }
  }
}

/** Noted twice is the same as once: the webhook is switched off then, or has changed. */
async function note(message: WebhookMessage, platform: Noticing): Promise<void> {
  const { client_id: clientId, webhook_id: id, version, reason, at } = message;
  const { db, clock, objects, announce } = platform;
  const row = await findWebhook(db, id);
  if (row?.clientId === clientId && row.version === version && row.isActive) {
    await mailAdministrators(message, row.url, platform);
    const now = clock.now();
    const isOn = isInForce(row);
    const data = { webhook_id: id, reason };
    const told = {
      event: "webhook.disabled",
      data,
      clientId,
      entityId: id,
      ownerUserId: row.createdBy,
    } as const;
    const entry = {
      actorId: null,
      action: "webhook.disabled",
      target: { type: "webhook", id },
      clientId,
      details: { reason, url: row.url },
      device: { ip: "", userAgent: "" },
    } as const;
    await db.batch([
      auditStatement(db, entry, now, isOn),
      outboxStatement(db, told, now, isOn),
      noteDisabled(db, row, { reason, at }),
    ]);
    await announce(clientId);
  }
  await (await objects.workflows(clientId)).confirmWebhookDisabled(id, version);
}

/** A letter that cannot be sent keeps nobody from the event and the audit log. */
async function mailAdministrators(
  message: WebhookMessage,
  url: string,
  { db, mailer, log }: Noticing,
): Promise<void> {
  const addresses = await administratorsOf(db, message.client_id, maxLetters);
  if (addresses.length === 0) return;
  try {
    const failures = await sendMails(
      mailer(),
      addresses.map((to) => disabledMail(to, url, message)),
    );
    for (const error of failures.values())
      log.error("a letter about a webhook was not sent", {
        webhook_id: message.webhook_id,
        ...errorFields(error),
      });
  } catch (error) {
    log.error("no letters about a webhook were sent", {
      webhook_id: message.webhook_id,
      ...errorFields(error),
    });
  }
}
