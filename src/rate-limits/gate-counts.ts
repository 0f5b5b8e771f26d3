import type { CallCountsApi, CallLimit } from "#src/objects/call-counts-api.ts";

/** What is counted of somebody, and how much of it there is. */
export interface Counted {
  key: string;
  limits: readonly CallLimit[];
}

/** One of it, as it was taken; how long there is none, in seconds, where it was not. */
export type Taken = { grant: string } | { waitSeconds: number };

const asked = { reserve: 0 } as const;

/** Takes one at a gate, which counts for all. */
export async function takeOne(gate: CallCountsApi, { key, limits }: Counted): Promise<Taken> {
  const grant = crypto.randomUUID();
  const { granted, windows } = await gate.takeCalls({ key, limits: [...limits], ...asked, wanted: 1, grant });
  if (granted > 0) return { grant };
  const usedUp = windows.flatMap(({ remaining, resetsIn }) => (remaining > 0 ? [] : [resetsIn]));
  return { waitSeconds: Math.max(1, Math.ceil(Math.max(0, ...usedUp) / 1000)) };
}

/** Nothing was done with it: it is there again. */
export async function giveBack(gate: CallCountsApi, { key, limits }: Counted, grant: string): Promise<void> {
  const former = { grant, unused: 1 };
  await gate.takeCalls({
    ...{ key, limits: [...limits], ...asked, wanted: 0, former },
    grant: crypto.randomUUID(),
  });
}
