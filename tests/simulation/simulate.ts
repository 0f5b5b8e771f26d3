import { type FaultKind, faultKinds } from "./faults.ts";
import { World } from "./world.ts";
import type { Options, Report } from "./world-options.ts";

/** Seeds of a run of the tests: by default always the same, so that CI fails for a change and not for its luck. */
export function seeds(): number[] {
  const { SIMULATION_SEED, SIMULATION_RUNS } = process.env;
  const first = Number(SIMULATION_SEED ?? 1);
  const count = Number(SIMULATION_RUNS ?? (SIMULATION_SEED === undefined ? 1000 : 1));
  return Array.from({ length: count }, (_, index) => first + index);
}

const isFaultKind = (name: string): name is FaultKind => name in faultKinds;

/** The faults that a failure needs: each of the others can be left out, and it still fails. */
async function neededFaults(seed: number, options: Options): Promise<string[]> {
  const without = new Set<FaultKind>();
  for (const kind of Object.keys(faultKinds).filter(isFaultKind)) {
    const fewer = new Set([...without, kind]);
    const fails = await new World(seed, { ...options, without: fewer }).run().then(
      () => false,
      () => true,
    );
    if (fails) without.add(kind);
  }
  return Object.keys(faultKinds).filter((kind) => !isFaultKind(kind) || !without.has(kind));
}

const lastLines = 25;

/**
 * Runs the world of a seed to its end.
 * @throws Error that says how to see the same failure again, and how it came about
 */
export async function simulate(seed: number, options: Options = {}): Promise<Report> {
  const world = new World(seed, options);
  try {
    return await world.run();
  } catch (error) {
    const faults = await neededFaults(seed, options);
    const lines = world.traced.slice(-lastLines).map((line) => `  ${line.slice(0, 300)}`);
    throw new Error(
      [
        error instanceof Error ? error.message : String(error),
        `Again: SIMULATION_SEED=${seed} npx vitest run --project simulation`,
        `It takes: ${faults.join(", ") || "no fault at all"}`,
        ...lines,
      ].join("\n"),
      { cause: error },
    );
  }
}
