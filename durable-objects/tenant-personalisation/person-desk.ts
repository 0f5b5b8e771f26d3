import type { Interest } from "#src/objects/contexts-api.ts";
import type { Fact, PersonQuery } from "#src/objects/profiles-api.ts";
import { factsFor, personBlock } from "#src/personalisation/index.ts";
import type { ConsentStore } from "./consent-store.ts";
import type { FactStore } from "./fact-store.ts";
import type { ProfileStore } from "./profile-store.ts";

/** Pages that a prompt is told. */
const maxVisited = 5;

interface Parts {
  consents: ConsentStore;
  profiles: ProfileStore;
  facts: FactStore;
  contexts: { interestsOf(personId: string, now: number): Interest[] };
}

/** What a prompt is told, and which facts are in it. */
interface Described {
  block: string | null;
  used: readonly Pick<Fact, "id">[];
}

export const nothingKnown: Described = { block: null, used: [] };

/** Tells prompts of persons what these have agreed to: each part under its own purpose. */
export class PersonDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  describe({ personId, how, text }: PersonQuery, now: number): Described {
    const { consents, profiles, facts, contexts } = this.#parts;
    const agreed = consents.of(personId);
    if (!agreed.personalisation.granted) return nothingKnown;
    const profile = profiles.find(personId);
    const isFull = how === "full";
    const fitting = isFull ? factsFor(facts.of(personId, now), text, now) : [];
    const place = isFull && agreed.location.granted ? profile?.location : undefined;
    const pages = isFull && agreed.history.granted ? (profile?.pages ?? []) : [];
    const block = personBlock({
      preferences: profile?.preferences ?? {},
      facts: fitting.map((fact) => fact.text),
      interests: isFull ? contexts.interestsOf(personId, now) : [],
      timeZone: place?.time_zone,
      country: place?.country,
      visited: pages.slice(0, maxVisited).map(({ title, item_id, url }) => title ?? item_id ?? url ?? ""),
    });
    return { block: block === "" ? null : block, used: fitting };
  }

  /** Facts that prompts are told stay longest. */
  noteUse(personId: string, used: Described["used"]): void {
    this.#parts.facts.noteUse(personId, used);
  }
}
