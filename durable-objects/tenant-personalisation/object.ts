import { DurableObject } from "cloudflare:workers";
import { foundOr, type Outcome, refusal, success } from "#src/kernel/outcome.ts";
import type { ObjectPlatformBindings } from "#src/object-platform.ts";
import { type ConsentRequest, type Consents, consentRequestSchema } from "#src/objects/consents-api.ts";
import { type ContextEvent, contextEventSchema, type PersonContext } from "#src/objects/contexts-api.ts";
import { type Insights, insightsSchema } from "#src/objects/insights-contract.ts";
import { personIdSchema } from "#src/objects/person-id.ts";
import {
  type FactCorrection,
  factCorrectionSchema,
  type LearntFacts,
  learntFactsSchema,
  type PersonQuery,
  type Profile,
  type ProfileWriting,
  personQuerySchema,
  profileWritingSchema,
} from "#src/objects/profiles-api.ts";
import {
  type Coverage,
  type GivenInteraction,
  givenInteractionSchema,
  type ItemContent,
  itemContentSchema,
  type ListQuality,
  type StoredItem,
  type TakenInteractions,
  type TakenItems,
  type ToldList,
  type WishFor,
  wishForSchema,
} from "#src/objects/recommendations-api.ts";
import type { TenantPersonalisationApi } from "#src/objects/tenant-personalisation-api.ts";
import { consentsFrom } from "#src/personalisation/index.ts";
import { assemble } from "./assemble.ts";
import { storedOf } from "./item-store.ts";
import { nothingKnown } from "./person-desk.ts";
import { noProfile } from "./profile-desk.ts";

type Recommending = ReturnType<typeof assemble>["recommendations"];

/**
 * What a tenant knows of persons, and what they have agreed to: a thin door before the desks and stores that it is made
 * of. Consent is read in the transaction that keeps or uses something, so that nothing outlives a no.
 */
export class TenantPersonalisation
  extends DurableObject<ObjectPlatformBindings>
  implements TenantPersonalisationApi
{
  readonly #parts: ReturnType<typeof assemble>;

  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(ctx, env);
    this.#parts = assemble(ctx, env);
  }

  async consentsOf(personId: string): Promise<Consents> {
    const { writing, consents } = this.#parts;
    return writing.read(() => consents.of(personIdSchema.parse(personId)), consentsFrom({}));
  }

  async changeConsents(given: ConsentRequest): Promise<Consents> {
    const request = consentRequestSchema.parse(given);
    return this.#parts.writing.written((now) => this.#parts.desk.change(request, now));
  }

  async profileOf(personId: string): Promise<Outcome<Profile>> {
    const { writing, profiles } = this.#parts;
    const id = personIdSchema.parse(personId);
    return writing.read((now) => foundOr("No such profile", profiles.of(id, now)), noProfile);
  }

  async writeProfile(given: ProfileWriting): Promise<Outcome<Profile>> {
    const profile = profileWritingSchema.parse(given);
    return this.#parts.writing.written((now) => this.#parts.profiles.write(profile, now));
  }

  async learnFacts(given: LearntFacts): Promise<{ kept: number }> {
    const learnt = learntFactsSchema.parse(given);
    return this.#parts.writing.written((now) => this.#parts.profiles.learn(learnt, now));
  }

  async describePerson(given: PersonQuery): Promise<string | null> {
    const query = personQuerySchema.parse(given);
    const { writing, persons } = this.#parts;
    const { block, used } = writing.read((now) => persons.describe(query, now), nothingKnown);
    // Behind the answer, for which a turn waits.
    if (used.length > 0) this.ctx.waitUntil(this.#behind(() => persons.noteUse(query.personId, used)));
    return block;
  }

  async correctFact(given: FactCorrection): Promise<Outcome<Profile>> {
    const correction = factCorrectionSchema.parse(given);
    return this.#parts.writing.written((now) => this.#parts.profiles.correct(correction, now));
  }

  async erasePerson(personId: string, version?: number): Promise<Outcome<{ erased: true }>> {
    const { writing, desk, profiles } = this.#parts;
    const id = personIdSchema.parse(personId);
    const erased = success({ erased: true } as const);
    if (!writing.hasBegun) return version === undefined ? erased : refusal("PRECONDITION_FAILED");
    return writing.written((now) => {
      if (!profiles.mayErase(id, version)) return refusal("PRECONDITION_FAILED", "It has changed since");
      desk.erase(id, now);
      return erased;
    });
  }

  async noteContext(given: ContextEvent): Promise<{ accepted: boolean }> {
    const event = contextEventSchema.parse(given);
    return this.#parts.writing.written((now) => this.#parts.contexts.note(event, now));
  }

  async contextOf(personId: string): Promise<PersonContext> {
    const { writing, contexts, insights } = this.#parts;
    const id = personIdSchema.parse(personId);
    const nothing = { recent: [], interests: [], summary: null, updatedAt: null };
    return writing.read((now) => ({ ...contexts.of(id, now), summary: insights.summaryOf(id) }), nothing);
  }

  async noteInsights(given: Insights): Promise<{ accepted: boolean }> {
    const read = insightsSchema.parse(given);
    return this.#parts.writing.written((now) => this.#parts.insights.note(read, now));
  }

  async beginExport(personId: string): Promise<Outcome<{ number: number }>> {
    const id = personIdSchema.parse(personId);
    return this.#parts.writing.written((now) => this.#parts.exports.begin(id, now));
  }

  async endExport(personId: string, number: number): Promise<void> {
    const id = personIdSchema.parse(personId);
    this.#parts.writing.written((now) => this.#parts.exports.end(id, number, now));
  }

  async dataOf(personId: string): Promise<string> {
    const { writing, desk } = this.#parts;
    const id = personIdSchema.parse(personId);
    return JSON.stringify(writing.read((now) => desk.dataOf(id, now), {}));
  }

  async putItems(given: ItemContent[]): Promise<TakenItems> {
    const items = itemContentSchema.array().parse(given);
    return this.#change(({ itemDesk }, now) => itemDesk.put(items, now));
  }

  async itemOf(itemId: string): Promise<StoredItem | null> {
    const { writing, recommendations } = this.#parts;
    return writing.read(() => {
      const item = recommendations.items.byId(itemId);
      return item ? storedOf(item) : null;
    }, null);
  }

  async deleteItem(itemId: string): Promise<boolean> {
    return this.#parts.writing.hasBegun && this.#change(({ itemDesk }) => itemDesk.delete(itemId));
  }

  async listItems({ after, limit }: { after: string | null; limit: number }): Promise<StoredItem[]> {
    const { writing, recommendations } = this.#parts;
    return writing.read(() => recommendations.items.page(after, limit), []);
  }

  async takeInteractions(given: GivenInteraction[]): Promise<TakenInteractions> {
    const interactions = givenInteractionSchema.array().parse(given);
    return this.#change(({ interactionDesk }, now) => interactionDesk.take(interactions, now));
  }

  async recommend(given: WishFor): Promise<ToldList> {
    const wish = wishForSchema.parse(given);
    const { writing, recommendations, personas, clock } = this.#parts;
    await personas.refresh(clock.now());
    const nothing: ToldList = { algorithm: "popular", items: [] };
    const list = writing.read((now) => recommendations.recommendingDesk.recommend(wish, now), nothing);
    if (list.items.length > 0) this.ctx.waitUntil(this.#shown(wish.requestId, list));
    return list;
  }

  async similarTo(itemId: string, limit: number): Promise<ToldList | null> {
    const { writing, recommendations } = this.#parts;
    return writing.read((now) => recommendations.recommendingDesk.similarTo(itemId, limit, now), null);
  }

  async listQuality({ from, to }: { from: number; to: number }): Promise<ListQuality[]> {
    const { writing, recommendations } = this.#parts;
    return writing.read(() => recommendations.quality.between(from, to), []);
  }

  async listCoverage({ from, to }: { from: number; to: number }): Promise<Coverage> {
    const { writing, recommendations } = this.#parts;
    const { items, quality } = recommendations;
    return writing.read(() => ({ shown: quality.shownBetween(from, to), items: items.count }), {
      shown: 0,
      items: 0,
    });
  }

  override async alarm(): Promise<void> {
    await this.#parts.alarm.run();
  }

  /** Writes behind an answer, which waits for no write. */
  async #behind(work: () => void): Promise<void> {
    await scheduler.wait(0);
    this.#parts.writing.written(work);
  }

  /** Counts a list behind its answer. */
  async #shown(requestId: string, list: ToldList): Promise<void> {
    await scheduler.wait(0);
    this.#change(({ recommendingDesk }, now) => recommendingDesk.shown(requestId, list, now));
  }

  /** Changes what recommends; where that is taken back, what is in memory is read again. */
  #change<T>(work: (parts: Recommending, now: number) => T): T {
    const { writing, recommendations } = this.#parts;
    try {
      return writing.written((now) => work(recommendations, now));
    } catch (error) {
      recommendations.shelf.forget();
      throw error;
    }
  }
}
