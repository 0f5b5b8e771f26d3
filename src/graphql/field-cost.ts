/** Entries of a page unless asked otherwise, and at most. */
export const defaultPage = 20;
export const maxPage = 100;
/** Things that can be asked for by their ids at once. */
export const maxIds = 50;
/** How many entries a list counts as that does not say. */
export const usualBound = 5;

/** What a field costs: by itself, and how many times what is asked for within it counts. */
export interface FieldCost {
  own: number;
  /** `page` for as often as its argument `first` says, `ids` for once for each entry of its argument `ids`. */
  times: number | "page" | "ids";
}

/** The extensions of a field that does not cost the usual: 1, and for a list what is within it `usualBound` times. */
export const costs = (own: number, times: FieldCost["times"] = 1): { cost: FieldCost } => ({
  cost: { own, times },
});

export const isFieldCost = (value: unknown): value is FieldCost =>
  typeof value === "object" && value !== null && "own" in value && "times" in value;
