import type { ConsentRequest, Consents } from "#src/objects/consents-api.ts";
import { consentChanges } from "#src/personalisation/index.ts";
import type { ConsentStore } from "./consent-store.ts";
import type { Keeper } from "./keeper.ts";
import type { News } from "./news.ts";

interface Parts {
  consents: ConsentStore;
  /** All that keep something of persons. */
  keepers: readonly Keeper[];
  news: News;
}

/** Takes what persons agree to, and has everybody let go of what they agree to no longer. */
export class ConsentDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  change({ personId, ...request }: ConsentRequest, now: number): Consents {
    const { consents, keepers, news } = this.#parts;
    const changes = consentChanges(consents.of(personId), request, now);
    for (const change of changes) {
      consents.write(personId, change);
      if (!change.granted) for (const keeper of keepers) keeper.withdraw(personId, change.purpose, now);
    }
    const standing = consents.of(personId);
    if (changes.length > 0)
      news.tell(personId, { event: "consent.changed", data: { user_id: personId, ...grantedOf(standing) } });
    return standing;
  }

  /** All that is known of a person, by all who keep something. */
  dataOf(personId: string, now: number): Record<string, unknown> {
    const { consents, keepers } = this.#parts;
    const kept = keepers.map((keeper) => keeper.dataOf(personId, now));
    return Object.assign({ consents: consents.of(personId), consent_log: consents.log(personId) }, ...kept);
  }

  /** Removes everything that is known of a person, what they have agreed to as well: from then on that is nothing. */
  erase(personId: string, now: number): void {
    const { consents, keepers, news } = this.#parts;
    for (const keeper of keepers) keeper.erase(personId, now);
    consents.erase(personId);
    news.tell(personId, { event: "profile.erased", data: { user_id: personId } });
  }
}

const grantedOf = ({ personalisation, history, location, insights, analytics }: Consents) => ({
  personalisation: personalisation.granted,
  history: history.granted,
  location: location.granted,
  insights: insights.granted,
  analytics: analytics.granted,
});
