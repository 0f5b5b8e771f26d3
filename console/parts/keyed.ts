/** Things that have no name but their place, with that as React's key. */
export const keyed = <T>(things: readonly T[]): { key: string; thing: T; place: number }[] =>
  things.map((thing, place) => ({ key: String(place), thing, place }));

/** Given to what scrolls, so that keys reach it. */
export const reachable = { tabIndex: 0 } as const;
