import type { Purpose } from "#src/kernel/personalisation-words.ts";
import type { ToldItem, ToldList, ToldReason, WishFor } from "#src/objects/recommendations-api.ts";
import {
  isHeldOut,
  type Reason,
  type Recommended,
  recommend,
  type Wish,
} from "#src/recommendations/index.ts";
import { type ItemStore, storedOf } from "./item-store.ts";
import type { LearningState } from "./learning-state.ts";
import type { NeighbourStore } from "./neighbour-store.ts";
import type { QualityStore } from "./quality-store.ts";
import type { Shelf } from "./shelf.ts";

interface Parts {
  items: ItemStore;
  neighbours: NeighbourStore;
  learning: LearningState;
  quality: QualityStore;
  shelf: Shelf;
  isGranted(personId: string, purpose: Purpose): boolean;
}

/** Makes lists, from what has been learnt and what whoever they are for has agreed to. */
export class RecommendingDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  recommend(wish: WishFor, now: number): ToldList {
    const { catalogue } = this.#parts.shelf;
    const isFor = wish.personId === null || !isHeldOut(wish.personId, wish.holdoutPercent ?? 0);
    const found = this.#found({
      limit: wish.limit,
      person: isFor ? this.#person(wish.personId) : undefined,
      query: isFor ? (wish.query ?? undefined) : undefined,
      language: wish.language ?? undefined,
      tags: wish.tags,
      exclude: new Set(wish.exclude.flatMap((id) => catalogue.numberOf(id) ?? [])),
      explores: true,
      seed: wish.requestId,
      now,
    });
    return { algorithm: found.algorithm, items: this.#told(found.items) };
  }

  /** As for somebody who likes this one and nothing else; null where there is no such item. */
  similarTo(itemId: string, limit: number, now: number): ToldList | null {
    const number = this.#parts.shelf.catalogue.numberOf(itemId);
    if (number === undefined) return null;
    const { items } = this.#found({
      limit,
      person: { liked: [number], hasSeen: (one) => one === number },
      certainty: Number.POSITIVE_INFINITY,
      explores: false,
      seed: itemId,
      now,
    });
    return { algorithm: "similar", items: this.#told(items) };
  }

  /** What was shown is counted, and of what is tried out that it had a chance. */
  shown(requestId: string, { algorithm, items }: ToldList, now: number): void {
    const { quality, neighbours, shelf } = this.#parts;
    const numbers = items.flatMap(({ item }) => shelf.catalogue.numberOf(item.id) ?? []);
    quality.shown({ requestId, algorithm, numbers }, now);
    const tried = items.flatMap(({ item, reasons }) =>
      reasons.some(({ type }) => type === "new") ? (shelf.catalogue.numberOf(item.id) ?? []) : [],
    );
    for (const number of tried) {
      const figures = neighbours.figures("nobody", number);
      neighbours.writeFigures("nobody", number, { ...figures, views: figures.views + 1 });
    }
    shelf.count(tried);
  }

  #found(wish: Wish) {
    const { learning, shelf, neighbours } = this.#parts;
    const { side } = learning;
    return recommend(shelf.catalogue, (number) => neighbours.list(side, number), wish);
  }

  #person(personId: string | null) {
    const { learning, neighbours, isGranted } = this.#parts;
    if (personId === null || !isGranted(personId, "personalisation")) return undefined;
    return neighbours.person(learning.side, personId)?.memory;
  }

  #told(found: readonly Recommended[]): ToldItem[] {
    return found.flatMap(({ entry, score, reasons }) => {
      const stored = this.#parts.items.byNumber(entry.number);
      if (!stored) return [];
      const told = reasons.flatMap((reason) => this.#toldReason(reason));
      return [{ score, reasons: told, item: storedOf(stored) }];
    });
  }

  #toldReason(reason: Reason): ToldReason[] {
    if (reason.type !== "because_you_liked") return [reason];
    const liked = this.#parts.shelf.catalogue.entry(reason.item);
    return liked ? [{ type: reason.type, itemId: liked.id }] : [];
  }
}
