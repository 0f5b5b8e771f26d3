import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { contentSlots } from "#src/db/schema/index.ts";
import { bindSlot, takeSlot } from "#src/runs/execution/content-slot-repository.ts";
import { createUser } from "#tests/support/users.ts";

const db = database(env.DB);
const day = 86_400_000;
const minute = 60_000;
const contentOfFree = 10;
const now = Date.UTC(2026, 5, 15);

/** A user of the free tier who takes slots in a billing period that has just begun. */
async function taker() {
  const { actor } = await createUser("content_slots", { tier: "free" });
  const { userId } = actor;
  const take = (key: string, at = now) =>
    takeSlot(db, { key: `${userId}:${key}`, userId, periodStart: now - day, now: at });
  const bind = (key: string, run: string) => bindSlot(db, `${userId}:${key}`, run);
  const slot = (key: string) =>
    db
      .select()
      .from(contentSlots)
      .where(eq(contentSlots.key, `${userId}:${key}`))
      .get();
  /** Takes all slots but `left`, for runs that go on. */
  const fill = async (left: number) => {
    for (let n = left; n < contentOfFree; n++) {
      expect(await take(`other-${n}`)).toBe(true);
      await bind(`other-${n}`, uuidv7());
    }
  };
  return { take, bind, slot, fill };
}

it("A key that holds a slot keeps it as it is, whatever room there is", async () => {
  const { take, bind, slot, fill } = await taker();
  expect(await take("mine")).toBe(true);
  await bind("mine", "run-1");
  await fill(1);
  expect(await take("one more")).toBe(false);
  expect(await take("mine", now + 5 * minute)).toBe(true);
  expect(await slot("mine")).toMatchObject({ correlationId: "run-1", createdAt: now });
});

it("A key that can no longer be replayed takes a slot anew, if there is room", async () => {
  const { take, bind, slot, fill } = await taker();
  const later = now + day + 1;
  await take("mine");
  await bind("mine", "run-1");
  await fill(1);
  expect(await take("mine", later)).toBe(false);
  expect(await slot("mine")).toMatchObject({ correlationId: "run-1", createdAt: now });

  const { take: takeWithRoom, bind: bindWithRoom, slot: slotWithRoom } = await taker();
  await takeWithRoom("mine");
  await bindWithRoom("mine", "run-1");
  expect(await takeWithRoom("mine", later)).toBe(true);
  expect(await slotWithRoom("mine")).toMatchObject({ correlationId: null, createdAt: later });
});

it("A slot whose run was never started is free again a minute later", async () => {
  const { take, fill } = await taker();
  await fill(1);
  expect(await take("lost")).toBe(true);
  expect(await take("next", now + minute - 1)).toBe(false);
  expect(await take("next", now + minute + 1)).toBe(true);
});
