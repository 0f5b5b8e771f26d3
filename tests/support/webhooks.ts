import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { expect, vi } from "vitest";
import { z } from "zod";
import type { EventName } from "#src/kernel/event-catalogue.ts";
import { sampleOf } from "#src/kernel/event-catalogue.ts";
import type { WebhookDelivery } from "#src/objects/webhook-endpoint-api.ts";
import { send } from "./api.ts";
import { tenantObject } from "./objects.ts";
import { bodyOf } from "./personas.ts";
import { createUser, type TestUser } from "./users.ts";

const bodySchema = z.object({
  type: z.string(),
  timestamp: z.iso.datetime(),
  client_id: z.string(),
  entity_id: z.string(),
  data: z.record(z.string(), z.unknown()),
});

/** A message as a receiver has it. */
export interface Received {
  url: string;
  headers: Record<string, string>;
  text: string;
  body: z.output<typeof bodySchema>;
}

type Answer = (received: Received) => Response | Promise<Response>;
const received: Record<string, Received[]> = {};
const answers: Record<string, Answer> = {};

/**
 * A receiver at a host of its own, in the place of the internet: all that the objects call goes there. It answers 204
 * unless something else is given.
 */
export function receiver(host: string, answer: Answer = () => new Response(null, { status: 204 })) {
  if (!vi.isMockFunction(globalThis.fetch)) vi.spyOn(globalThis, "fetch").mockImplementation(internet);
  const got: Received[] = [];
  received[host] = got;
  answers[host] = answer;
  return {
    url: `https://${host}/hooks`,
    received: got,
    answer: (next: Answer) => {
      answers[host] = next;
    },
    /** Messages, once there are that many. */
    async messages(count: number): Promise<Received[]> {
      await expect.poll(() => got.length).toBeGreaterThanOrEqual(count);
      return got;
    },
  };
}

const real = globalThis.fetch;

const internet: typeof globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const { host } = new URL(request.url);
  const answer = answers[host];
  if (!answer) return real(request);
  const text = await request.text();
  const { signal } = request;
  const message = {
    url: request.url,
    headers: Object.fromEntries(request.headers),
    text,
    body: bodySchema.parse(JSON.parse(text)),
  };
  received[host]?.push(message);
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
  return Promise.race([answer(message), aborted]);
};

type Wanted = Partial<{
  events: EventName[];
  ordered: boolean;
  rate_limit: number;
  include_content: boolean;
}>;

const madeSchema = z.object({ id: z.string(), secret: z.string() });

/** A webhook of a tenant that is made by its administrator. */
export async function webhookOf(
  clientId: string,
  url: string,
  { events = ["user.created"], ...rest }: Wanted = {},
  of?: TestUser,
): Promise<{ admin: TestUser; id: string; secret: string }> {
  const admin = of ?? (await createUser(clientId, { role: "admin" }));
  const body = { url, events, ...rest, client_id: clientId };
  const made = await bodyOf(await send("POST", "/api/v1/webhooks", body, admin.headers), 201);
  return { admin, ...madeSchema.parse(made) };
}

/** Something happens in a tenant. */
export async function happens(
  clientId: string,
  event: EventName = "user.created",
  entityId = "somebody",
  data: Record<string, unknown> = sampleOf(event),
): Promise<void> {
  await tenantObject(clientId).appendEvents([
    { id: uuidv7(), event, entityId, ownerUserId: "somebody", data },
  ]);
}

export const endpoint = (clientId: string, id: string) =>
  env.WEBHOOK_ENDPOINTS.getByName(`${clientId}:${id}`);

/** What an endpoint's log says, newest first. */
export const logOf = async (clientId: string, id: string): Promise<WebhookDelivery[]> =>
  (await endpoint(clientId, id).listDeliveries({ limit: 100 })).deliveries;

/** The latest delivery that an endpoint's log has, once it is as told. */
export async function deliveryThat(
  clientId: string,
  id: string,
  is: (delivery: WebhookDelivery) => boolean,
): Promise<WebhookDelivery> {
  return vi.waitUntil(
    async () => {
      const [found] = await logOf(clientId, id);
      return found && is(found) ? found : undefined;
    },
    { timeout: 10_000 },
  );
}

/** Has the alarm ring once something waits: it is set by the clock of the machine, not that of the test. */
export async function ringOnce(clientId: string, id: string): Promise<void> {
  await deliveryThat(clientId, id, ({ status }) => status === "waiting");
  await runInDurableObject(endpoint(clientId, id), (instance) => instance.alarm());
}

/** Has time pass until the next attempt, and the alarm ring that makes it. */
export async function untilNextAttempt(clientId: string, id: string): Promise<void> {
  const next = Math.max(...(await logOf(clientId, id)).map(({ nextAttemptAt }) => nextAttemptAt ?? 0));
  vi.useFakeTimers({ now: next + 1, toFake: ["Date"] });
  await runInDurableObject(endpoint(clientId, id), (instance) => instance.alarm());
}
