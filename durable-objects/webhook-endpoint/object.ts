import { DurableObject } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import type { PlatformEvent } from "#src/events/index.ts";
import { isoTime, systemClock } from "#src/kernel/clock.ts";
import { foundOr, type Outcome, refusal, success } from "#src/kernel/outcome.ts";
import { type ObjectPlatform, type ObjectPlatformBindings, objectPlatformOf } from "#src/object-platform.ts";
import {
  type DeliveryPage,
  type DeliveryQuery,
  type GivenWebhookSettings,
  type WebhookDelivery,
  type WebhookDeliveryDetail,
  type WebhookEndpointApi,
  webhookSettingsSchema,
} from "#src/objects/webhook-endpoint-api.ts";
import { createLogger, errorFields, type Logger } from "#src/observability/logger.ts";
import { bodyOf, isSuccess, messageOf, type Verdict } from "#src/webhook-delivery/index.ts";
import { Courier } from "./courier.ts";
import { Deliveries } from "./deliveries.ts";
import { DeliveryLog } from "./delivery-log.ts";
import { DisabledNotice } from "./disabled-notice.ts";
import { type Outgoing, post } from "./post.ts";
import { Secrets } from "./secrets.ts";
import { EndpointState } from "./state.ts";
import { tables } from "./tables.ts";
import { withContent } from "./with-content.ts";

/** When the alarm rings again that broke off. */
const againMs = 2000;

/** What is over is looked through for what may be forgotten after so many deliveries, and at least so often. */
const prunedAfter = { deliveries: 200, ms: 3_600_000 };

/**
 * One endpoint of a tenant's webhooks (docs/webhooks.md#how-it-works). All that goes out goes out of its alarm: whatever
 * ends an instance, the alarm rings again, and what was not written down as done is done once more.
 */
export class WebhookEndpoint extends DurableObject<ObjectPlatformBindings> implements WebhookEndpointApi {
  readonly #platform: ObjectPlatform;
  readonly #clientId: string;
  readonly #logger: Logger;
  readonly #state: EndpointState;
  readonly #secrets: Secrets;
  readonly #deliveries: Deliveries;
  readonly #log: DeliveryLog;
  readonly #courier: Courier;
  readonly #notice: DisabledNotice;
  readonly #clock = systemClock;
  #isAtWork = false;
  #prunedAt = 0;

  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(ctx, env);
    const { storage } = ctx;
    storage.sql.exec(tables);
    const name = ctx.id.name ?? "";
    const [clientId = "", id = ""] = name.split(":");
    this.#clientId = clientId;
    this.#platform = objectPlatformOf(env, ctx.id);
    const { settings, egress, queues, logs } = this.#platform;
    this.#logger = createLogger(
      "webhook-endpoint",
      settings.LOG_LEVEL,
      { client_id: clientId, webhook_id: id },
      logs,
    );
    this.#state = new EndpointState(storage.kv);
    this.#secrets = new Secrets({ kv: storage.kv, keys: settings.WEBHOOK_SECRETS_KEY, name });
    this.#deliveries = new Deliveries(storage.sql);
    this.#log = new DeliveryLog(storage.sql);
    const send = { egress, secrets: this.#secrets, clock: this.#clock };
    this.#courier = new Courier({
      storage,
      state: this.#state,
      deliveries: this.#deliveries,
      clock: this.#clock,
      random: Math.random,
      post: async (outgoing) => post(await this.#complete(outgoing), send),
    });
    this.#notice = new DisabledNotice({
      state: this.#state,
      send: (notice) =>
        queues
          .of("platform-events", name)
          .send({ type: "webhook.disabled", client_id: clientId, webhook_id: id, ...notice }),
    });
  }

  /** What goes out, with what messages of conversations say where that is asked for. */
  async #complete(outgoing: Outgoing): Promise<Outgoing> {
    if (!this.#state.settings?.includeContent) return outgoing;
    const { objects } = this.#platform;
    return withContent(outgoing, (id) => objects.conversation(this.#clientId, id), this.#logger);
  }

  async begin(): Promise<Outcome<{ secret: string }>> {
    if (!this.#secrets.canSeal) return refusal("UPSTREAM_UNAVAILABLE", "Webhooks are not configured");
    const { secret } = await this.#secrets.renew(this.#clock.now());
    return success({ secret });
  }

  async rotateSecret(): Promise<Outcome<{ secret: string; previousUntil: number }>> {
    if (!this.#secrets.canSeal) return refusal("UPSTREAM_UNAVAILABLE", "Webhooks are not configured");
    return success(await this.#secrets.renew(this.#clock.now()));
  }

  async configure(given: GivenWebhookSettings): Promise<void> {
    const settings = webhookSettingsSchema.parse(given);
    if (this.#state.configure(settings) && !settings.isActive)
      this.#deliveries.giveUp("switched_off", this.#clock.now());
  }

  async take(epoch: string, events: readonly PlatformEvent[]): Promise<{ isWanted: boolean }> {
    if (!this.#state.isOn) return { isWanted: false };
    const takenThrough = this.#state.takenThrough(epoch);
    const fresh = events.filter(({ seq }) => seq > takenThrough);
    const last = fresh.at(-1);
    if (last) {
      this.ctx.storage.transactionSync(() => {
        const messages = fresh.map((event) => ({
          ...messageOf({ clientId: this.#clientId, epoch }, event),
          event: event.event,
          entityId: event.entity_id,
        }));
        this.#deliveries.add(messages, this.#clock.now());
        this.#state.taken(epoch, last.seq);
      });
      await this.#wakeNow();
    }
    return { isWanted: true };
  }

  async deliverTest(event: string, data: Record<string, unknown>): Promise<Outcome<WebhookDeliveryDetail>> {
    const { settings } = this.#state;
    if (!settings) return refusal("NOT_FOUND", "No such webhook");
    const now = this.#clock.now();
    const id = `test_${uuidv7({ msecs: now })}`;
    const entityId = "test";
    const body = bodyOf({ event, clientId: this.#clientId, entityId, data, timestamp: isoTime(now) });
    const number = this.#deliveries.addTest({ id, event, entityId, body }, now);
    const { egress } = this.#platform;
    const parts = { egress, secrets: this.#secrets, clock: this.#clock };
    const result = await post({ id, body, url: settings.url }, parts);
    const verdict: Verdict = isSuccess(result) ? { kind: "delivered" } : { kind: "failed", isGone: false };
    const then = this.#clock.now();
    this.#deliveries.record([{ number, result, verdict }], then);
    // An endpoint that is only ever tried has no alarm that would look through its log otherwise.
    this.#prune(then);
    if (!this.#isAtWork) await this.#rest(then, 0);
    return this.getDelivery(id);
  }

  async listDeliveries(query: DeliveryQuery): Promise<DeliveryPage> {
    return this.#log.page(query);
  }

  async getDelivery(id: string): Promise<Outcome<WebhookDeliveryDetail>> {
    return foundOr("No such delivery", this.#log.detail(id));
  }

  async redeliver(id: string): Promise<Outcome<WebhookDelivery>> {
    const found = this.#log.find(id);
    if (!found) return refusal("NOT_FOUND", "No such delivery");
    if (!this.#state.isOn) return refusal("CONFLICT", "The webhook is switched off");
    if (found.status === "waiting") return refusal("CONFLICT", "The delivery is under way");
    this.#deliveries.again(found.number, this.#clock.now());
    await this.#wakeNow();
    return foundOr("No such delivery", this.#log.find(id));
  }

  async confirmDisabled(version: number): Promise<void> {
    this.#notice.confirm(version);
  }

  async remove(): Promise<void> {
    this.#state.remove();
    this.#deliveries.removeAll();
    this.#secrets.forget();
    await this.ctx.storage.deleteAlarm();
  }

  override async alarm(): Promise<void> {
    this.#isAtWork = true;
    let pause = 0;
    try {
      await this.#courier.run();
      this.#prune(this.#clock.now());
      await this.#notice.tell(this.#clock.now());
    } catch (error) {
      this.#logger.error("deliveries broke off; the alarm goes on with them", errorFields(error));
      pause = againMs;
    } finally {
      this.#isAtWork = false;
      await this.#rest(this.#clock.now(), pause);
      this.#platform.handOver.after((work) => this.ctx.waitUntil(work));
    }
  }

  /** While the alarm is at work it finds what comes by itself. */
  async #wakeNow(): Promise<void> {
    if (!this.#isAtWork) await this.ctx.storage.setAlarm(this.#clock.now());
  }

  /** Has the alarm ring for what comes next, if anything does. */
  async #rest(now: number, pause: number): Promise<void> {
    const { isOn, settings } = this.#state;
    const pruneAt = this.#deliveries.pruneAt;
    const times = [
      isOn ? this.#deliveries.nextAt(settings?.ordered === true) : null,
      pruneAt === null ? null : Math.max(pruneAt, now + prunedAfter.ms),
      this.#notice.nextAt,
    ].filter((time) => time !== null);
    if (times.length > 0) await this.ctx.storage.setAlarm(Math.max(Math.min(...times), now + pause));
    else await this.ctx.storage.deleteAlarm();
  }

  #prune(now: number): void {
    const isTime = now - this.#prunedAt >= prunedAfter.ms;
    if (!isTime && this.#deliveries.recorded < prunedAfter.deliveries) return;
    this.#deliveries.prune(now);
    this.#prunedAt = now;
  }
}
