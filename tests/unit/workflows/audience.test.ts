import { describe, expect, it, vi } from "vitest";
import { Audience } from "#durable-objects/tenant-workflows/delivery/audience.ts";
import { HubSpreadMark } from "#durable-objects/tenant-workflows/delivery/hub-spread-mark.ts";
import type { PlatformEvent } from "#src/events/index.ts";
import { hubShardOf } from "#src/objects/hub-spread.ts";

const day = 86_400_000;

/** Marks as the object keeps them, in memory. */
function memory() {
  const values = new Map<string, number>();
  return {
    get: (name: string) => values.get(name) ?? 0,
    set: (name: string, value: number) => void values.set(name, value),
  };
}

const newAudience = () => new Audience(new HubSpreadMark(memory()));

const hub = (sockets: number) => vi.fn(async (_: number, __: PlatformEvent[]) => ({ sockets }));

const said = (owner: string | null = null, seq = 1): PlatformEvent => ({
  seq,
  event: "execution.completed",
  entity_id: `entity-${seq}`,
  owner_user_id: owner,
  data: {},
  timestamp: "2026-01-01T00:00:00.000Z",
});

describe("An audience", () => {
  it("is told as long as somebody is there", async () => {
    const audience = newAudience();
    const publish = hub(1);
    await audience.tell([said()], publish);
    await audience.tell([said()], publish);
    expect(publish).toHaveBeenCalledTimes(2);
  });

  it("is told nothing more once nobody was there", async () => {
    const audience = newAudience();
    const publish = hub(0);
    await audience.tell([said()], publish);
    expect(audience.isPresent).toBe(false);
    await audience.tell([said()], publish);
    expect(publish).toHaveBeenCalledTimes(1);
  });

  it("is told again when somebody arrives", async () => {
    const audience = newAudience();
    await audience.tell([said()], hub(0));
    audience.arrived();
    const publish = hub(1);
    await audience.tell([said()], publish);
    expect(publish).toHaveBeenCalledTimes(1);
  });

  it("is there when somebody arrived while the hub counted nobody yet", async () => {
    const audience = newAudience();
    await audience.tell([said()], async () => {
      audience.arrived();
      return { sockets: 0 };
    });
    const publish = hub(1);
    await audience.tell([said()], publish);
    expect(publish).toHaveBeenCalledTimes(1);
  });

  it("is told again after the hub could not be reached", async () => {
    const audience = newAudience();
    await expect(audience.tell([said()], () => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
    const publish = hub(1);
    await audience.tell([said()], publish);
    expect(publish).toHaveBeenCalledTimes(1);
  });
});

describe("An audience that is spread over several hubs", () => {
  const longAgo = { hubShards: 8, hubShardsBefore: 1, hubShardsAt: Date.now() - 2 * day };
  const shardOf = (userId: string) => hubShardOf(longAgo, { userId, role: "user" });

  it("is told what is a user's where the user and the staff are, and what is everybody's everywhere", async () => {
    const audience = newAudience();
    audience.arrived({ shard: 0, spread: longAgo });
    const publish = hub(1);
    await audience.tell([said("ada", 1), said("eve", 2), said(null, 3)], publish);
    const told = new Map(publish.mock.calls.map(([shard, events]) => [shard, events.map(({ seq }) => seq)]));
    for (let shard = 0; shard < 8; shard++) {
      const expected = [
        ...(shard === 0 || shard === shardOf("ada") ? [1] : []),
        ...(shard === 0 || shard === shardOf("eve") ? [2] : []),
        3,
      ];
      expect(told.get(shard)).toEqual(expected);
    }
  });

  it("is told nothing where nobody is", async () => {
    const audience = newAudience();
    audience.arrived({ shard: 0, spread: longAgo });
    await audience.tell([said()], async (shard) => ({ sockets: shard === 3 ? 1 : 0 }));
    const publish = hub(1);
    await audience.tell([said()], publish);
    expect(publish.mock.calls.map(([shard]) => shard)).toEqual([3]);
    expect(audience.isPresent).toBe(true);
  });

  it("is told everything everywhere for a day after the number has changed, also by a new instance", async () => {
    const marks = memory();
    const now = { hubShards: 2, hubShardsBefore: 4, hubShardsAt: Date.now() - day / 2 };
    new Audience(new HubSpreadMark(marks)).arrived({ shard: 1, spread: now });
    const publish = hub(1);
    await new Audience(new HubSpreadMark(marks)).tell([said("ada")], publish);
    expect(publish.mock.calls.map(([shard]) => shard).toSorted()).toEqual([0, 1, 2, 3]);
  });

  it("does not go back to an older number that comes late", async () => {
    const audience = newAudience();
    audience.arrived({ shard: 0, spread: longAgo });
    audience.arrived({
      shard: 0,
      spread: { ...longAgo, hubShards: 2, hubShardsAt: longAgo.hubShardsAt - 1 },
    });
    const publish = hub(1);
    await audience.tell([said()], publish);
    expect(publish).toHaveBeenCalledTimes(8);
  });
});
