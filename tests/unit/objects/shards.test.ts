import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import { newRunId, shardOfRun, startOfRun } from "#src/objects/run-id.ts";
import { shardOf, shardsOf } from "#src/objects/shards.ts";

const day = 86_400_000;
const spread = Date.UTC(2026, 5, 1);
const setting = (shards: unknown) => ({ WORKFLOW_SHARDS: JSON.stringify({ large: shards }) });
const instances = (made: number) => Array.from({ length: 200 }, () => uuidv7({ msecs: made }));

describe("The shards of a tenant", () => {
  it("are one, its own, unless the setting names it", () => {
    expect(shardsOf({ WORKFLOW_SHARDS: undefined }, "large")).toBe(1);
    expect(shardsOf(setting(4), "another")).toBe(1);
    expect(shardOf(setting(4), "another", uuidv7())).toBe(0);
  });

  it("are all used, each instance always on the same one", () => {
    const used = new Map<number, number>();
    for (const id of instances(spread)) {
      const shard = shardOf(setting(4), "large", id);
      expect(shardOf(setting(4), "large", id)).toBe(shard);
      used.set(shard, (used.get(shard) ?? 0) + 1);
    }
    expect([...used.keys()].sort()).toEqual([0, 1, 2, 3]);
    expect(Math.min(...used.values())).toBeGreaterThan(20);
  });

  it("added at a time hold what is made from then on; what was made before stays where it is", () => {
    const before = setting(2);
    const after = setting({ "1970-01-01T00:00:00Z": 2, [new Date(spread).toISOString()]: 8 });
    for (const id of instances(spread - day))
      expect(shardOf(after, "large", id)).toBe(shardOf(before, "large", id));
    expect(Math.max(...instances(spread).map((id) => shardOf(after, "large", id)))).toBeGreaterThan(3);
    expect(shardsOf(after, "large")).toBe(8);
  });

  it("given up at a time still count among the tenant's objects", () => {
    const after = setting({ "1970-01-01T00:00:00Z": 8, [new Date(spread).toISOString()]: 1 });
    expect(new Set(instances(spread).map((id) => shardOf(after, "large", id)))).toEqual(new Set([0]));
    expect(shardsOf(after, "large")).toBe(8);
  });

  it.each(["not JSON", "[]", '{"large": 0}', '{"large": 257}', '{"large": {"soon": 2}}'])(
    "refuse the setting %s",
    (WORKFLOW_SHARDS) => {
      expect(() => shardsOf({ WORKFLOW_SHARDS }, "large")).toThrow("WORKFLOW_SHARDS must be JSON");
    },
  );
});

it("A run id tells its shard and when the run was started", () => {
  for (const shard of [0, 1, 15, 16, 255]) {
    const id = newRunId(shard, spread);
    expect([shardOfRun(id), startOfRun(id)]).toEqual([shard, spread]);
  }
});
