import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, it } from "vitest";
import { Follower } from "../support/follower.ts";
import { tenantHub, tenantObject } from "../support/objects.ts";
import { say } from "../support/sockets.ts";
import { createUserWithSession } from "../support/users.ts";

const logOf = (clientId: string) => env.TENANT_WORKFLOWS.getByName(clientId);

/** Takes an object out of memory; only one that is there can be. */
async function evict<T extends Rpc.DurableObjectBranded>(object: DurableObjectStub<T>): Promise<void> {
  await runInDurableObject(object, () => undefined);
  await evictDurableObject(object);
}

/** What may happen to a log, its hub, and who listens. */
const happenings = [
  "say",
  "say",
  "say",
  "cut",
  "come",
  "evict hub",
  "evict log",
  "repeat",
  "forget",
  "begin anew",
] as const;

it("Whatever is cut, doubled, evicted, forgotten or begun anew: each event comes once and in order, or a gap is told", async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...happenings), { minLength: 4, maxLength: 14 }),
      async (happens) => {
        const clientId = `resume_${run++}`;
        const user = await createUserWithSession(clientId);
        const follower = new Follower(user);
        await follower.come();
        let said = 0;
        const tell = () => say(clientId, `e${said++}`, user.actor.userId);
        const acts: Record<(typeof happenings)[number], () => Promise<unknown>> = {
          say: tell,
          cut: async () => follower.cut(),
          come: () => follower.come(),
          "evict hub": () => evict(env.TENANT_HUB.getByName(clientId)),
          "evict log": () => evict(logOf(clientId)),
          // Late, and the newer ones before the older ones.
          repeat: async () => {
            const { events } = await tenantObject(clientId).readEvents({ since: 0, limit: 500 });
            const known = events.filter(({ entity_id }) => follower.heard.includes(entity_id));
            for (const event of known.toReversed()) await tenantHub(clientId).publish([event]);
          },
          // While nobody listens: what is published has been before it is dropped.
          forget: async () => {
            follower.cut();
            await runInDurableObject(logOf(clientId), (_, { storage }) => {
              storage.sql.exec(
                "DELETE FROM event_blocks WHERE last_seq < (SELECT max(last_seq) FROM event_blocks)",
              );
            });
          },
          "begin anew": async () => {
            await runInDurableObject(logOf(clientId), (_, { storage }) => {
              storage.sql.exec("DELETE FROM event_blocks");
              storage.sql.exec("DELETE FROM marks WHERE name IN ('epoch', 'published')");
            });
            await evict(logOf(clientId));
          },
        };
        for (const happening of happens) {
          await acts[happening]();
          follower.check();
        }
        await tell();
        await expect
          .poll(async () => {
            await follower.come();
            return follower.heard.at(-1);
          })
          .toBe(`e${said - 1}`);
        expect(new Set(follower.heard).size).toBe(follower.heard.length);
        const mayMiss = happens.some((happening) => happening === "forget" || happening === "begin anew");
        if (!mayMiss) expect([follower.gaps, follower.heard.length]).toEqual([0, said]);
      },
    ),
    { numRuns: 12 },
  );
}, 120_000);
