import { describe, expect, it } from "vitest";
import { brokenEngines } from "./broken-engines.ts";
import type { BrokenShell } from "./simulated-object.ts";
import { type Options, World } from "./world.ts";

/** Worlds that a defect may get through unnoticed before it counts as missed. */
const patience = 1000;

/** What the rules say about the first world in which they notice that something is broken. */
async function noticed(options: Options): Promise<string | undefined> {
  for (let seed = 1; seed <= patience; seed++) {
    const problem = await new World(seed, options).run().then(
      () => undefined,
      (error) => String(error),
    );
    if (problem !== undefined) return problem;
  }
  return undefined;
}

describe("The rules notice an engine that", () => {
  it.each(Object.entries(brokenEngines))("%s", async (_, engine) => {
    // The desk refuses reports about closed tasks by itself; here the engine is on its own.
    expect(await noticed({ engine, shell: { findsClosed: true } })).toBeDefined();
  });
});

const brokenShells: Record<string, BrokenShell> = {
  "leaves half of what it was writing when it dies": { writesHalf: true },
  "gives a lease to whoever asks": { leasesToAll: true },
  "notes what it has published before it publishes it": { marksFirst: true },
  "sets no alarm before it delivers": { neverGuards: true },
  "never looks for tasks whose messages were lost": { neverLooksAgain: true },
};

describe("The rules notice a shell that", () => {
  it.each(Object.entries(brokenShells))("%s", async (_, shell) => {
    expect(await noticed({ shell })).toBeDefined();
  });
});
