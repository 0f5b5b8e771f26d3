import { expect, it } from "vitest";
import { outcomeOf } from "./outcome.ts";
import { seeds, simulate } from "./simulate.ts";

it("whatever happens in a world happens again when the steps of its plans are written in another order", async () => {
  for (const seed of seeds().slice(0, 200)) {
    const other = await simulate(seed, { shuffled: true });
    expect(outcomeOf(other), `seed ${seed}`).toEqual(outcomeOf(await simulate(seed)));
  }
});
