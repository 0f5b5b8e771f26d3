import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { updateSubscriptionRow } from "#src/subscriptions/subscription-admin-repository.ts";
import { findSubscription } from "#src/subscriptions/subscription-repository.ts";
import { present } from "../../support/personas.ts";
import { createUser } from "../../support/users.ts";

const db = database(env.DB);

it("A change of the tier takes no payment method back that somebody gave meanwhile, nor the reverse", async () => {
  const { userId } = (await createUser("subscription_stale")).actor;
  const before = present(await findSubscription(db, userId));
  const changes = [
    { ...before, paymentMethod: "pm_first" },
    { ...before, tier: "basic" },
    { ...before, paymentMethod: "pm_second" },
  ] as const;
  const changed: number[] = [];
  for (const after of changes) changed.push((await updateSubscriptionRow(db, before, after)).meta.changes);
  expect(changed).toEqual([1, 0, 0]);
  expect(await findSubscription(db, userId)).toEqual({ ...changes[0], revision: 1 });
});
