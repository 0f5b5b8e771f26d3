/** Who waits for places, and how many they have. */
export interface Claimant {
  /** Places that it has already. */
  out: number;
  /** Places that it could use. */
  waiting: number;
}

/** Nobody has more than so many times what is free: of a hundred places one alone leaves ten, for whoever comes next. */
const timesFree = 9;

/**
 * Shares places among claimants: each goes to whoever has fewest, the first of those alike, as long as that is within
 * its share.
 * @param free places that nobody has
 * @returns how many each claimant gets, in their order
 */
export function share(free: number, claimants: readonly Claimant[]): number[] {
  const holders = claimants.map(({ out, waiting }) => ({ has: out, wants: waiting, gets: 0 }));
  for (let left = free; left > 0; left--) {
    const [next] = holders.filter(({ wants }) => wants > 0).sort((a, b) => a.has - b.has);
    if (!next || next.has >= timesFree * left) break;
    next.has++;
    next.gets++;
    next.wants--;
  }
  return holders.map(({ gets }) => gets);
}

/** Who is kept in mind. */
const maxKept = 10_000;

/**
 * Who was given a place longest ago comes first: among many who have equally few, each gets its turn, however much the
 * others have waiting. In memory: a restart only begins the round again.
 */
export class Rota {
  /** The number of the last place that somebody was given; who was given one last stands at the end. */
  readonly #last = new Map<string, number>();
  #given = 0;

  /** @param who names one of them */
  inTurn<T>(all: readonly T[], who: (one: T) => string): T[] {
    const lastOf = new Map(all.map((one) => [one, this.#last.get(who(one)) ?? 0]));
    return all.toSorted((a, b) => (lastOf.get(a) ?? 0) - (lastOf.get(b) ?? 0));
  }

  /** Notes that somebody is given a place. */
  gives(who: string): void {
    this.#last.delete(who);
    this.#last.set(who, ++this.#given);
    const [oldest] = this.#last.keys();
    if (this.#last.size > maxKept && oldest !== undefined) this.#last.delete(oldest);
  }
}
