import { expect, it } from "vitest";
import { accountAge } from "#src/administration/users/account-age.ts";

const hour = 3_600_000;

it.each([
  [0, "0 hours"],
  [hour, "1 hour"],
  [24 * hour - 1, "23 hours"],
  [24 * hour, "1 day"],
  [30 * 24 * hour - 1, "29 days"],
  [30 * 24 * hour, "1 month"],
  [400 * 24 * hour, "13 months"],
  [-hour, "0 hours"],
])("An account made %i ms ago is %s old", (age, words) => {
  expect(accountAge(1_000_000_000_000, 1_000_000_000_000 + age)).toBe(words);
});
