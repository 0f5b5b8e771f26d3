import { evictDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import fc from "fast-check";
import { createClient as createSseClient } from "graphql-sse";
import type { Client } from "graphql-ws/client";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import "../../support/graphql.ts";
import { officialClient } from "../../support/graphql-client.ts";
import { tenantObject } from "../../support/objects.ts";
import { say } from "../../support/sockets.ts";
import { createUserWithSession as createUser } from "../../support/users.ts";

let tenants = 0;
const someone = () => createUser(`gql_clients_${tenants++}`);
const notice = (clientId: string, id: string) => say(clientId, id, null, "system.notification");
const events = 'subscription ($since: Int) { events(patterns: ["**"], since: $since) { seq entityId } }';

const toldSchema = z.looseObject({
  data: z.object({ events: z.object({ seq: z.number(), entityId: z.string() }) }),
});
const toldIn = (result: unknown) => toldSchema.parse(result).data.events;

/** The first so many results. */
async function first(count: number, results: AsyncIterable<unknown>): Promise<unknown[]> {
  const told: unknown[] = [];
  for await (const result of results) if (told.push(result) === count) break;
  return told;
}

const sseClient = ({ headers }: { headers: Record<string, string> }) =>
  createSseClient({
    url: "http://platform.test/graphql",
    headers,
    retryAttempts: 0,
    fetchFn: (input: string, init: RequestInit) => exports.default.fetch(input, init),
  });

describe.each([
  ["graphql-ws", officialClient],
  ["graphql-sse", sseClient],
])("The official client %s", (_, clientFor) => {
  it("asks, changes and subscribes", async () => {
    const user = await someone();
    const { clientId } = user.actor;
    const client = clientFor(user);
    expect(await first(1, client.iterate({ query: "{ me { email } }" }))).toMatchObject([
      { data: { me: { email: user.actor.email } } },
    ]);
    const change = 'mutation { createProject(input: { name: "Mine" }) { name } }';
    expect(await first(1, client.iterate({ query: change }))).toMatchObject([
      { data: { createProject: { name: "Mine" } } },
    ]);
    for (const id of ["one", "two"]) await notice(clientId, id);
    const told = await first(2, client.iterate({ query: events, variables: { since: 0 } }));
    expect(told.map(toldIn).map(({ entityId }) => entityId)).toEqual(["one", "two"]);
    await client.dispose();
  });

  it("is told what cannot be carried out", async () => {
    const client = clientFor(await someone());
    await expect(first(1, client.iterate({ query: "{ weather }" }))).rejects.toBeDefined();
    await client.dispose();
  });

  it("has several subscriptions at once, and ends each by itself", async () => {
    const user = await someone();
    const client = clientFor(user);
    const [one, two] = [
      client.iterate({ query: events, variables: { since: 0 } }),
      client.iterate({ query: events, variables: { since: 0 } }),
    ];
    await notice(user.actor.clientId, "both");
    expect(await first(1, one)).toHaveLength(1);
    await notice(user.actor.clientId, "second");
    expect((await first(2, two)).map(toldIn).map(({ entityId }) => entityId)).toEqual(["both", "second"]);
    await client.dispose();
  });
});

describe("The official client graphql-ws", () => {
  it("is acknowledged with the number of the log's last event, answers pings and keeps the connection", async () => {
    const user = await someone();
    await notice(user.actor.clientId, "one");
    const acknowledged = Promise.withResolvers<unknown>();
    const answered = Promise.withResolvers<boolean>();
    const client = officialClient(user, {
      lazy: false,
      keepAlive: 100,
      on: {
        connected: (_socket, payload) => acknowledged.resolve(payload),
        pong: (isReceived) => isReceived && answered.resolve(true),
      },
    });
    expect(await acknowledged.promise).toMatchObject({ seq: 1 });
    expect(await answered.promise).toBe(true);
    await client.dispose();
  });

  it("is not let in without a token", async () => {
    const closed = Promise.withResolvers<unknown>();
    const client = officialClient({ headers: {} }, { retryAttempts: 0, on: { closed: closed.resolve } });
    await expect(first(1, client.iterate({ query: "{ __typename }" }))).rejects.toBeDefined();
    expect(await closed.promise).toMatchObject({ reason: "401" });
  });
});

/** Comes back whenever it is cut, after what it has been told. */
class Reader {
  readonly told: { seq: number; entityId: string }[] = [];
  readonly #user: { headers: Record<string, string> };
  #client: Client | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(user: { headers: Record<string, string> }) {
    this.#user = user;
  }

  come(): void {
    this.#client = officialClient(this.#user, { retryAttempts: 0 });
    const variables = { since: this.told.at(-1)?.seq ?? 0 };
    const results = this.#client.iterate({ query: events, variables });
    this.#reading = (async () => {
      for await (const result of results) this.told.push(toldIn(result));
    })().catch(() => undefined);
  }

  async cut(): Promise<void> {
    this.#client?.terminate();
    await this.#client?.dispose();
    await this.#reading;
  }
}

it("Whatever is cut, and whenever the hub hibernates while events flow: what is told, joined by numbers, is the log", async () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.constant("event" as const) },
    { weight: 2, arbitrary: fc.constant("cut" as const) },
    { weight: 1, arbitrary: fc.constant("hibernate" as const) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const user = await someone();
      const { clientId } = user.actor;
      const readers = [new Reader(user), new Reader(user)];
      for (const reader of readers) reader.come();
      for (const [index, what] of [...steps, "event" as const].entries()) {
        if (what === "event") await notice(clientId, `n${index}`);
        else if (what === "hibernate")
          // It may not have woken yet since the last time.
          await evictDurableObject(env.TENANT_HUB.getByName(clientId)).catch(() => undefined);
        else {
          const reader = readers[index % readers.length];
          await reader?.cut();
          reader?.come();
        }
      }
      const { events: log } = await tenantObject(clientId).readEvents({ since: 0, limit: 200 });
      const expected = log.map(({ seq, entity_id }) => ({ seq, entityId: entity_id }));
      for (const reader of readers) {
        await expect.poll(() => reader.told.length).toBeGreaterThanOrEqual(expected.length);
        expect(reader.told).toEqual(expected);
        await reader.cut();
      }
    }),
    { numRuns: 8 },
  );
}, 120_000);
