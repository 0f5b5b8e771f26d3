import { env } from "cloudflare:workers";
import { eq, sql } from "drizzle-orm";
import { expect, it, vi } from "vitest";
import { hasRow } from "#src/db/batch-conditions.ts";
import { database } from "#src/db/client.ts";
import { agentDefinitions, eventOutbox } from "#src/db/schema/index.ts";
import { deliverEvents, type EventDelivery, sweepEvents } from "#src/events/event-outbox.ts";
import { outboxStatement, waitingEvents } from "#src/events/event-outbox-repository.ts";
import { createLogger } from "#src/observability/logger.ts";
import { tenantObject } from "../../support/objects.ts";

const db = database(env.DB);
const delivery = (over: Partial<EventDelivery> = {}): EventDelivery => ({
  db,
  logOf: async (clientId) => tenantObject(clientId),
  logger: createLogger("test", "error"),
  ...over,
});

const note = (clientId: string, n: number, when = sql`true`) =>
  outboxStatement(
    db,
    {
      clientId,
      event: "instance.updated",
      entityId: "i-1",
      ownerUserId: "u-1",
      data: { instance_id: "i-1", name: String(n), changed: [] },
    },
    n,
    when,
  );

const isThere = (id: string) => hasRow(agentDefinitions, eq(agentDefinitions.id, id));

const told = async (clientId: string) =>
  (await tenantObject(clientId).readEvents({ since: 0, limit: 500 })).events.map(({ data }) =>
    Number(data.name),
  );

it("Events reach the tenant's log in the order of their writing, and leave the outbox", async () => {
  const numbers = Array.from({ length: 120 }, (_, n) => n);
  for (const n of numbers) await note("outbox_order", n);
  await deliverEvents(delivery(), "outbox_order");
  expect(await told("outbox_order")).toEqual(numbers);
  expect(await waitingEvents(db, "outbox_order", 10)).toEqual([]);
});

it("Two deliveries at once tell every event once and in order", async () => {
  for (const n of [1, 2, 3, 4, 5]) await note("outbox_twice", n);
  await Promise.all([
    deliverEvents(delivery(), "outbox_twice"),
    deliverEvents(delivery(), "outbox_twice"),
    deliverEvents(delivery(), "outbox_twice"),
  ]);
  expect(await told("outbox_twice")).toEqual([1, 2, 3, 4, 5]);
});

it("A delivery that died between telling and removing is repeated without telling twice", async () => {
  await note("outbox_crash", 1);
  const [row] = await waitingEvents(db, "outbox_crash", 1);
  await tenantObject("outbox_crash").appendEvent({
    id: row?.id ?? "",
    event: "instance.updated",
    entityId: "i-1",
    ownerUserId: "u-1",
    data: { name: "1" },
  });
  await sweepEvents(delivery());
  expect(await told("outbox_crash")).toEqual([1]);
});

it("A tenant whose log fails keeps its events and holds up no other tenant", async () => {
  await note("outbox_broken", 1);
  await note("outbox_whole", 2);
  const logOf: EventDelivery["logOf"] = async (clientId) =>
    clientId === "outbox_broken"
      ? { appendEvents: () => Promise.reject(new Error("unreachable")) }
      : tenantObject(clientId);
  await sweepEvents(delivery({ logOf }));
  expect(await told("outbox_whole")).toEqual([2]);
  expect(await waitingEvents(db, "outbox_broken", 10)).toHaveLength(1);
  await sweepEvents(delivery());
  expect(await told("outbox_broken")).toEqual([1]);
});

it("An event of an earlier release, which lacks what is said today, is told as it was written, and noted", async () => {
  const warn = vi.fn();
  await db.insert(eventOutbox).values({
    id: "01900000-0000-7000-8000-00000000000e",
    clientId: "outbox_earlier",
    event: "instance.updated",
    entityId: "i-1",
    ownerUserId: "u-1",
    data: { name: "7" },
    createdAt: 1,
  });
  await deliverEvents(delivery({ logger: { ...delivery().logger, warn } }), "outbox_earlier");
  expect(await told("outbox_earlier")).toEqual([7]);
  expect(warn).toHaveBeenCalledWith(
    "event unlike the catalogue",
    expect.objectContaining({ event: "instance.updated", problem: expect.stringMatching(/^instance_id: /) }),
  );
});

it("An event is written only if the change that it tells of happens", async () => {
  const touch = (id: string) =>
    db.update(agentDefinitions).set({ displayName: "Copywriter" }).where(eq(agentDefinitions.id, id));
  await db.batch([note("outbox_condition", 1, isThere("nobody")), touch("nobody")]);
  expect(await waitingEvents(db, "outbox_condition", 10)).toEqual([]);
  const known = "01900000-0000-7000-8000-000000000001";
  await db.batch([
    note("outbox_condition", 2, isThere(known)),
    note("outbox_condition", 3, isThere(known)),
    touch(known),
  ]);
  expect(await waitingEvents(db, "outbox_condition", 10)).toHaveLength(2);
});
