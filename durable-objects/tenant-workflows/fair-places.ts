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
 * Shares places among claimants: each goes to whoever has fewest, as long as that is within its share.
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
