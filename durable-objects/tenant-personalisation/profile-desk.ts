import { type Outcome, refusal, success } from "#src/kernel/outcome.ts";
import type { Purpose } from "#src/kernel/personalisation-words.ts";
import type {
  FactCorrection,
  LearntFacts,
  Profile,
  ProfileChange,
  ProfileWriting,
} from "#src/objects/profiles-api.ts";
import {
  amendedPreferences,
  forbiddenKind,
  haveRoom,
  keptLocation,
  keptPages,
  type Mark,
} from "#src/personalisation/index.ts";
import type { ConsentStore } from "./consent-store.ts";
import type { InterestSource } from "./context-desk.ts";
import type { FactStore } from "./fact-store.ts";
import type { Keeper } from "./keeper.ts";
import type { News } from "./news.ts";
import type { ProfileStore, StoredProfile } from "./profile-store.ts";

interface Parts {
  consents: ConsentStore;
  profiles: ProfileStore;
  facts: FactStore;
  news: News;
}

type Writable = Pick<StoredProfile, "pages" | "location" | "preferences">;

const empty: Writable = { pages: [], location: null, preferences: {} };

/** What is said of a person of whom there is no profile. */
export const noProfile = refusal("NOT_FOUND", "No such profile");

/** The refusal of a change that was decided on another version than there is. */
const stale = (version: number) => refusal("PRECONDITION_FAILED", "It has changed since", { version });

/** Keeps profiles: each part of one under the purpose that it is for. */
export class ProfileDesk implements Keeper, InterestSource {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  of(personId: string, now: number): Profile | undefined {
    const { profiles, facts } = this.#parts;
    const stored = profiles.find(personId);
    return stored && { personId, ...stored, facts: facts.of(personId, now) };
  }

  write({ personId, how, change, version }: ProfileWriting, now: number): Outcome<Profile> {
    const stored = this.#parts.profiles.find(personId);
    const problem = stale(stored?.version ?? 0);
    if (how === "make" && stored) return refusal("CONFLICT", "There is a profile of this person");
    if (how !== "make" && !stored) return version === undefined ? noProfile : problem;
    if (version !== undefined && version !== stored?.version) return problem;
    const missing = this.#missingFor(personId, change);
    if (missing.length > 0) return refusal("CONSENT_REQUIRED", undefined, { purposes: missing });
    const before = how === "amend" && stored ? stored : empty;
    const written = afterChange(before, change);
    if (!haveRoom(written.preferences))
      return refusal("VALIDATION_ERROR", "conversation_preferences: at most 4 KiB");
    return this.#put(personId, written, now);
  }

  learn({ personId, facts: learnt }: LearntFacts, now: number): { kept: number } {
    const { consents, profiles, facts } = this.#parts;
    if (!consents.isGranted(personId, "personalisation")) return { kept: 0 };
    const fresh = learnt.filter(
      ({ id, text }) => forbiddenKind(text) === undefined && !facts.has(personId, id),
    );
    for (const { conversationId, messageId, ...fact } of fresh)
      facts.put(personId, { ...fact, source: { conversationId, messageId }, at: now, expiresAt: null });
    if (fresh.length > 0) this.#put(personId, profiles.find(personId) ?? empty, now);
    return { kept: fresh.length };
  }

  correct({ personId, factId, text }: FactCorrection, now: number): Outcome<Profile> {
    const { profiles, facts } = this.#parts;
    const stored = profiles.find(personId);
    const fact = facts.of(personId, now).find(({ id }) => id === factId);
    if (!stored || !fact) return refusal("NOT_FOUND", "No such fact");
    if (text === null) facts.remove(personId, factId);
    else
      facts.put(personId, {
        ...fact,
        text,
        confidence: 1,
        at: now,
        source: { conversationId: null, messageId: null },
      });
    return this.#put(personId, stored, now);
  }

  /** @param version the one that was decided on */
  mayErase(personId: string, version: number | undefined): boolean {
    return version === undefined || version === this.#parts.profiles.find(personId)?.version;
  }

  marksOf(personId: string, now: number): readonly Mark[] {
    const { topics = [] } = this.#parts.profiles.find(personId)?.preferences ?? {};
    return topics.map((topic) => ({ topic, at: now }));
  }

  withdraw(personId: string, purpose: Purpose, now: number): void {
    const { profiles, facts } = this.#parts;
    if (purpose === "personalisation") facts.erase(personId);
    const stored = profiles.find(personId);
    if (!stored) return;
    if (purpose === "history") this.#put(personId, { ...stored, pages: [] }, now);
    if (purpose === "location") this.#put(personId, { ...stored, location: null }, now);
    if (purpose === "personalisation") this.#put(personId, stored, now);
  }

  erase(personId: string): void {
    this.#parts.profiles.erase(personId);
    this.#parts.facts.erase(personId);
  }

  dataOf(personId: string, now: number): Record<string, unknown> {
    return { profile: this.of(personId, now) ?? null };
  }

  #put(personId: string, parts: Writable, now: number): Outcome<Profile> {
    const { profiles, news } = this.#parts;
    profiles.write(personId, parts, now);
    const profile = this.of(personId, now);
    if (!profile) return noProfile;
    news.tell(personId, {
      event: "profile.updated",
      data: { user_id: personId, version: profile.version },
    });
    return success(profile);
  }

  /** What a person has not agreed to, of what a change would keep. */
  #missingFor(personId: string, { pages = [], location = null }: ProfileChange): Purpose[] {
    const needed: Purpose[] = [
      ...(pages.length > 0 ? ["history" as const] : []),
      ...(location ? ["location" as const] : []),
    ];
    return needed.filter((purpose) => !this.#parts.consents.isGranted(personId, purpose));
  }
}

/** A profile as it is after a change. */
const afterChange = (before: Writable, { pages, location, preferences }: ProfileChange): Writable => ({
  pages: pages === undefined ? before.pages : keptPages(pages),
  location: location === undefined ? before.location : location && keptLocation(location),
  preferences:
    preferences === undefined ? before.preferences : amendedPreferences(before.preferences, preferences),
});
