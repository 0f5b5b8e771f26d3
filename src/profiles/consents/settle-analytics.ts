import { followAnalyticsConsent } from "#src/analytics/index.ts";
import type { Database } from "#src/db/client.ts";
import type { Person } from "#src/kernel/actor.ts";
import type { ConsentsApi } from "#src/objects/consents-api.ts";

/** Somebody who says one thing and the other this often while it is written down is counted under no id. */
const mostTries = 5;

/**
 * Has the figures follow what a person says to `analytics`, as it stands now: of what is said at the same time by several calls
 * the object knows which was last, whichever of them comes to the database first.
 */
export async function settleAnalytics(
  db: Database,
  personalisation: Pick<ConsentsApi, "consentsOf">,
  { clientId, id }: Pick<Person, "clientId" | "id">,
): Promise<void> {
  const person = { clientId, person: id };
  const standing = async () => (await personalisation.consentsOf(id)).analytics.granted;
  let granted = await standing();
  for (let tries = 0; tries < mostTries; tries++) {
    await followAnalyticsConsent(db, person, granted);
    const now = await standing();
    if (now === granted) return;
    granted = now;
  }
  await followAnalyticsConsent(db, person, false);
}
