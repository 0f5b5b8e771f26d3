import { chanceOf } from "./chance.ts";

/**
 * Whether a person is one of those who are shown what is popular, so that lists can be compared with that: always the same
 * ones, and with a higher share those and others.
 */
export const isHeldOut = (personId: string, percent: number): boolean =>
  chanceOf(`holdout ${personId}`)() * 100 < percent;
