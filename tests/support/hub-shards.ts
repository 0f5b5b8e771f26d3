import { expect } from "vitest";
import { hubShardOf, unspread } from "#src/objects/hub-spread.ts";
import { send } from "./api.ts";
import { createUser, createUserWithSession, type TestUser } from "./users.ts";

/** Spreads a tenant's sockets over so many hubs, as the operator does. */
export const spread = async (clientId: string, hub_shards: number) => {
  const operator = await createUser("operator", { role: "admin" });
  const answer = await send("PUT", `/api/v1/admin/clients/${clientId}`, { hub_shards }, operator.headers);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ hub_shards });
};

/** Users of a tenant, one for each of so many shards. */
export async function userAtEach(clientId: string, shards: number): Promise<TestUser[]> {
  const found = new Map<number, TestUser>();
  while (found.size < shards) {
    const user = await createUserWithSession(clientId);
    found.set(
      hubShardOf({ ...unspread, hubShards: shards }, user.actor.userId, { hearsOfOthers: false }),
      user,
    );
  }
  return Array.from({ length: shards }, (_, shard) => found.get(shard)).filter((user) => user !== undefined);
}
