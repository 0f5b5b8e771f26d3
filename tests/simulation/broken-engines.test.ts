import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { topics } from "#src/engine/topics.ts";
import { plan, startRequest } from "../support/plans.ts";
import { brokenEngines, endsWithFirstBranch, goesByKeys } from "./broken-engines.ts";
import { brokenLoops } from "./broken-loops.ts";
import type { BrokenShell } from "./broken-shell.ts";
import { outcomeOf } from "./outcome.ts";
import { World } from "./world.ts";
import type { Options } from "./world-options.ts";

/** Worlds that a defect may get through unnoticed before it counts as missed. */
const patience = 1000;

const problemIn = (seed: number, options: Options): Promise<string | undefined> =>
  new World(seed, options).run().then(
    () => undefined,
    (error) => String(error),
  );

const gate = { action: "pause_for_human_input", dependencies: ["begin"] };
const retry = { max_attempts: 4, backoff_seconds: 0.2 };
/** Runs in which what is rare elsewhere happens in most worlds: two gates that wait at once, attempts that come too late. */
const twoGates = startRequest("tenant", {
  plan: plan("begin", { begin: { action: "web_search" }, one: gate, other: gate }),
});
const attempts = startRequest("tenant", {
  plan: plan("many", {
    many: {
      action: "lookup",
      topic: topics.webSearch,
      for_each: "[1, 2, 3, 4, 5]",
      timeout_seconds: 3,
      retry,
    },
  }),
});
/** A model that has tools, of which one is asked about and one denied. */
const rounds = startRequest("tenant", {
  plan: plan("write", {
    write: {
      action: "ai_text_generate",
      tools: ["web_search", "generate_image", "search_memory"],
      max_turns: 3,
      max_calls: 4,
      on_limit: "answer",
    },
  }),
  config: {
    tool_policy: [
      { tool: "generate_image", verdict: "ask" },
      { tool: "search_memory", verdict: "deny" },
    ],
  },
});
const perRequest = 20;

/** What the rules say about the first world in which they notice that something is broken. */
async function noticed(options: Options): Promise<string | undefined> {
  for (const request of [twoGates, attempts, rounds]) {
    for (let seed = 1; seed <= perRequest; seed++) {
      const problem = await problemIn(seed, { ...options, request });
      if (problem !== undefined) return problem;
    }
  }
  for (let seed = 1; seed <= patience; seed++) {
    const problem = await problemIn(seed, options);
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

describe("The rules notice steps of rounds in which an engine", () => {
  it.each(Object.entries(brokenLoops))("%s", async (_, engine) => {
    expect(await noticed({ engine })).toBeDefined();
  });

  it("and nothing else, where it is ours", async () => {
    for (let seed = 1; seed <= 100; seed++)
      expect(await problemIn(seed, { request: rounds })).toBeUndefined();
  });
});

/** Worlds that are looked at to see what is noticed in any of them. */
const sample = Array.from({ length: 200 }, (_, index) => index + 1);

it("Where two gates wait at once, every third world gives away an engine that takes an answer for the one that began first", async () => {
  const engine = brokenEngines["takes an answer for the gate that began first"];
  const request = twoGates;
  const noticing: number[] = [];
  for (const seed of sample.slice(0, 50)) {
    expect(await problemIn(seed, { request })).toBeUndefined();
    if ((await problemIn(seed, { request, engine })) !== undefined) noticing.push(seed);
  }
  expect(noticing.length).toBeGreaterThan(16);
});

it("Only what is left behind gives away an engine that ends a run with the first branch that is over", async () => {
  const problems = new Set<string>();
  for (const seed of sample) {
    const problem = await problemIn(seed, { engine: endsWithFirstBranch });
    if (problem !== undefined) problems.add(problem.replace(/^.*: /, "").replace(/\bs\d\b/, "a step"));
  }
  expect([...problems]).toEqual(["completed, and a step was left behind"]);
});

it("Only another order of keys gives away an engine that goes by the order of keys", async () => {
  const differs: number[] = [];
  for (const seed of sample) {
    const [one, other] = [
      await new World(seed, { engine: goesByKeys }).run(),
      await new World(seed, { engine: goesByKeys, shuffled: true }).run(),
    ];
    if (!isDeepStrictEqual(outcomeOf(one), outcomeOf(other))) differs.push(seed);
  }
  expect(differs).not.toEqual([]);
});

const brokenShells: Record<string, BrokenShell> = {
  "leaves half of what it was writing when it dies": { writesHalf: true },
  "gives a lease to whoever asks": { leasesToAll: true },
  "notes what it has published before it publishes it": { marksFirst: true },
  "takes a repeated answer for another": { forgetsAnswers: true },
  "believes that an alarm will ring because it was set": { neverRearms: true },
  "never looks for tasks whose messages were lost": { neverLooksAgain: true },
};

describe("The rules notice a shell that", () => {
  it.each(Object.entries(brokenShells))("%s", async (_, shell) => {
    expect(await noticed({ shell })).toBeDefined();
  });
});
