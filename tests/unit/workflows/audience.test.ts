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

/** A log of what happens, as far as an audience reads it. */
function logOf() {
  const events: PlatformEvent[] = [];
  const log = {
    /** What has happened so far is not kept any more, but for the last of it. */
    forget: () => {
      log.oldest = events.length;
    },
    oldest: 1,
    read: ({ since, limit }: { since: number; limit: number }) => ({
      events: events.filter(({ seq }) => seq > since && seq >= log.oldest).slice(0, limit),
      oldest: events.length === 0 ? 0 : log.oldest,
      latest: events.length,
    }),
    get latest() {
      return events.length;
    },
    published: 0,
    markPublished: (seq: number) => {
      log.published = Math.max(log.published, seq);
    },
  };
  const say = (owner: string | null = null) =>
    events.push({
      seq: events.length + 1,
      event: "execution.completed",
      entity_id: "entity",
      owner_user_id: owner,
      data: {},
      timestamp: "2026-01-01T00:00:00.000Z",
    });
  return Object.assign(log, { say });
}

function newAudience(marks = memory()) {
  const log = logOf();
  const audience = new Audience(new HubSpreadMark(marks), log);
  const tellAll = (publish: ReturnType<typeof hub>) =>
    Promise.allSettled(audience.hubs.map((one) => audience.tell(one, publish)));
  return { audience, log, say: log.say, tellAll };
}

const hub = (socketsAt: (shard: number) => number) =>
  vi.fn(async (shard: number, _events: PlatformEvent[], _isAfterGap: boolean) => ({
    sockets: socketsAt(shard),
  }));
const [somebody, nobody] = [() => 1, () => 0];

/** The numbers of the events that each hub has been told. */
const told = ({ mock }: ReturnType<typeof hub>) =>
  Map.groupBy(
    mock.calls.flatMap(([shard, events]) => events.map(({ seq }) => [shard, seq] as const)),
    ([shard]) => shard,
  );
const toldAt = (publish: ReturnType<typeof hub>, shard: number) =>
  (told(publish).get(shard) ?? []).map(([, seq]) => seq);

describe("An audience", () => {
  it("is told each thing once as long as somebody is there", async () => {
    const { log, say, tellAll } = newAudience();
    const publish = hub(somebody);
    for (let count = 0; count < 3; count++) {
      say();
      await tellAll(publish);
    }
    await tellAll(publish);
    expect(toldAt(publish, 0)).toEqual([1, 2, 3]);
    expect(log.published).toBe(3);
  });

  it("is told nothing more once nobody was there", async () => {
    const { log, say, tellAll } = newAudience();
    const publish = hub(nobody);
    say();
    await tellAll(publish);
    say();
    await tellAll(publish);
    expect(toldAt(publish, 0)).toEqual([1]);
    expect(log.published).toBe(2);
  });

  it("is told again when somebody arrives", async () => {
    const { audience, say, tellAll } = newAudience();
    say();
    await tellAll(hub(nobody));
    audience.arrived();
    say();
    const publish = hub(somebody);
    await tellAll(publish);
    expect(toldAt(publish, 0)).toEqual([2]);
  });

  it("is there when somebody arrived while the hub counted nobody yet", async () => {
    const { audience, say, tellAll } = newAudience();
    say();
    await audience.tell(0, async () => {
      audience.arrived();
      return { sockets: 0 };
    });
    say();
    const publish = hub(somebody);
    await tellAll(publish);
    expect(toldAt(publish, 0)).toEqual([2]);
  });

  it("is told again after the hub could not be reached", async () => {
    const { audience, log, say, tellAll } = newAudience();
    say();
    await expect(audience.tell(0, () => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
    expect(log.published).toBe(0);
    const publish = hub(somebody);
    await tellAll(publish);
    expect(toldAt(publish, 0)).toEqual([1]);
  });
});

describe("An audience that was away for longer than the log keeps", () => {
  const gaps = ({ mock }: ReturnType<typeof hub>) => mock.calls.map(([, , isAfterGap]) => isAfterGap);

  it("is told so with what there is, once", async () => {
    const { log, say, tellAll } = newAudience();
    const publish = hub(somebody);
    say();
    await tellAll(publish);
    for (let count = 0; count < 3; count++) say();
    publish.mockRejectedValueOnce(new Error("away"));
    await tellAll(publish);
    log.forget();
    for (let count = 0; count < 2; count++) {
      say();
      await tellAll(publish);
    }
    expect(toldAt(publish, 0)).toEqual([1, 2, 3, 4, 4, 5, 6]);
    expect(gaps(publish)).toEqual([false, false, true, false]);
  });

  it("is told so also where nothing of what there is is meant for it, and not where it has missed nothing", async () => {
    const { audience, log, say } = newAudience();
    audience.learn({ hubShards: 2, hubShardsBefore: 2, hubShardsAt: 1 });
    const ofFirst = Array.from({ length: 20 }, (_, index) => `user-${index}`).find(
      (id) => hubShardOf(audience.spread, id, { hearsOfOthers: false }) === 0,
    );
    for (let count = 0; count < 3; count++) say(ofFirst);
    const publish = hub(somebody);
    await audience.tell(0, publish);
    log.forget();
    await audience.tell(0, publish);
    await audience.tell(1, publish);
    expect(
      publish.mock.calls.map(([shard, events, isAfterGap]) => [shard, events.length, isAfterGap]),
    ).toEqual([
      [0, 3, false],
      [1, 0, true],
    ]);
  });
});

describe("An audience that is spread over several hubs", () => {
  const longAgo = { hubShards: 8, hubShardsBefore: 1, hubShardsAt: Date.now() - 2 * day };
  const shardOf = (userId: string) => hubShardOf(longAgo, userId, { hearsOfOthers: false });

  function spreadAudience() {
    const made = newAudience();
    made.audience.learn(longAgo);
    return made;
  }

  it("is told what is a user's where the user and the staff are, and what is everybody's everywhere", async () => {
    const { say, tellAll } = spreadAudience();
    for (const owner of ["ada", "eve", null]) say(owner);
    const publish = hub(somebody);
    await tellAll(publish);
    for (let shard = 0; shard < 8; shard++) {
      const expected = [
        ...(shard === 0 || shard === shardOf("ada") ? [1] : []),
        ...(shard === 0 || shard === shardOf("eve") ? [2] : []),
        3,
      ];
      expect(toldAt(publish, shard)).toEqual(expected);
    }
  });

  it("is told nothing where nobody is", async () => {
    const { say, tellAll } = spreadAudience();
    say();
    await tellAll(hub((shard) => (shard === 3 ? 1 : 0)));
    say();
    const publish = hub(somebody);
    await tellAll(publish);
    expect([...told(publish).keys()]).toEqual([3]);
  });

  it("hears on while one of the hubs fails or never answers, and that one is told all of it when it is back", async () => {
    const { log, say, tellAll, audience } = spreadAudience();
    const well = hub(somebody);
    const lame = async (shard: number, events: PlatformEvent[], isAfterGap: boolean) => {
      if (shard === 5) throw new Error("gone");
      if (shard === 6) return new Promise<never>(() => {});
      return well(shard, events, isAfterGap);
    };
    for (let count = 0; count < 3; count++) {
      say();
      void audience.tell(6, lame);
      const others = audience.hubs.filter((one) => one !== 6);
      await Promise.allSettled(others.map((one) => audience.tell(one, lame)));
      expect(toldAt(well, 7)).toHaveLength(count + 1);
    }
    expect(toldAt(well, 0)).toEqual([1, 2, 3]);
    // So the alarm rings for those who have not been told.
    expect(log.published).toBe(0);
    await tellAll(well);
    for (const shard of audience.hubs) expect(toldAt(well, shard)).toEqual([1, 2, 3]);
    expect(log.published).toBe(3);
  });

  it("reads the log once for all hubs that are as far", async () => {
    const { log, say, tellAll } = spreadAudience();
    const read = vi.spyOn(log, "read");
    say();
    await tellAll(hub(somebody));
    expect(read).toHaveBeenCalledTimes(1);
  });

  it("is told everything everywhere for a day after the number has changed, also by a new instance", async () => {
    const marks = memory();
    const now = { hubShards: 2, hubShardsBefore: 4, hubShardsAt: Date.now() - day / 2 };
    newAudience(marks).audience.arrived({ shard: 1, spread: now });
    const { say, tellAll } = newAudience(marks);
    say("ada");
    const publish = hub(somebody);
    await tellAll(publish);
    expect([...told(publish).keys()].toSorted()).toEqual([0, 1, 2, 3]);
  });

  it("does not go back to an older number that comes late", () => {
    const { audience } = spreadAudience();
    audience.learn({ ...longAgo, hubShards: 2, hubShardsAt: longAgo.hubShardsAt - 1 });
    expect(audience.hubs).toHaveLength(8);
  });
});
