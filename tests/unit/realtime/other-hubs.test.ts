import { expect, it, vi } from "vitest";
import { OtherHubs } from "#durable-objects/tenant-hub/other-hubs.ts";
import { tenantHub } from "../../support/objects.ts";

it("Of hubs that are asked, one that fails or never answers is left out, and that is said", async () => {
  const failed = vi.fn();
  const others = new OtherHubs((clientId, shard) => tenantHub(`${clientId}_${shard}`), failed, 10);
  others.learn("others", { shard: 0, spread: { hubShards: 4, hubShardsBefore: 4, hubShardsAt: 1 } });
  let asked = 0;
  const answers = await others.ask(() => {
    asked += 1;
    if (asked === 1) return Promise.reject(new Error("broken"));
    return asked === 2 ? new Promise<number>(() => undefined) : Promise.resolve(asked);
  });
  expect(answers).toEqual([3]);
  expect(failed.mock.calls.map(([message]) => message)).toEqual(Array(2).fill("a hub has not answered"));
});
