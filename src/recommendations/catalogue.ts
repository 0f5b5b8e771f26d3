import { type Described, Terms, termsOf } from "./content-vector.ts";

/** An item as the catalogue takes it in. */
export interface CatalogueItem extends Described {
  /** Of this catalogue, given once and never to another. */
  number: number;
  id: string;
  language?: string | undefined;
  available: boolean;
  /** Milliseconds; when it came into the catalogue. */
  addedAt: number;
  expiresAt?: number | undefined;
}

/** What is counted of an item. The first two are weights (`weightAt`). */
export interface Figures {
  /** Of the persons who like it. */
  likes: number;
  /** Of all likes, with those of nobody in particular. */
  popularity: number;
  views: number;
  clicks: number;
}

/** An item as it is weighed. */
export interface Entry extends Omit<CatalogueItem, keyof Described>, Figures {
  tags: readonly string[];
  terms: Uint32Array;
}

const nothing: Figures = { likes: 0, popularity: 0, views: 0, clicks: 0 };

/** All items of a tenant, in memory: what is weighed is all of them. */
export class Catalogue {
  readonly terms = new Terms();
  readonly #entries: (Entry | undefined)[] = [];
  readonly #numbers = new Map<string, number>();

  put({ title, tags, attributes, ...item }: CatalogueItem, figures?: Figures): void {
    const known = this.#entries[item.number];
    if (known) this.terms.remove(known.terms);
    this.#entries[item.number] = {
      ...item,
      ...(figures ?? (known && figuresOf(known)) ?? nothing),
      tags,
      terms: this.terms.add(termsOf({ title, tags, attributes })),
    };
    this.#numbers.set(item.id, item.number);
  }

  remove(number: number): void {
    const known = this.#entries[number];
    if (!known) return;
    this.terms.remove(known.terms);
    this.#numbers.delete(known.id);
    this.#entries[number] = undefined;
  }

  /** Takes over what has been counted of an item. */
  count(number: number, figures: Partial<Figures>): void {
    const known = this.#entries[number];
    if (known) Object.assign(known, figures);
  }

  entry(number: number): Entry | undefined {
    return this.#entries[number];
  }

  numberOf(id: string): number | undefined {
    return this.#numbers.get(id);
  }

  /** By number; there are gaps. */
  get entries(): readonly (Entry | undefined)[] {
    return this.#entries;
  }

  get size(): number {
    return this.#numbers.size;
  }
}

const figuresOf = ({ likes, popularity, views, clicks }: Entry): Figures => ({
  likes,
  popularity,
  views,
  clicks,
});
