import type { Person } from "#src/kernel/actor.ts";
import type { CallLimit } from "#src/objects/call-counts-api.ts";
import type { Platform } from "#src/platform.ts";

/** What is counted of a person, and how much of it there is. */
export interface Counted {
  key: string;
  limits: readonly CallLimit[];
}

/** One of it, as it was taken; how long there is none, in seconds, where it was not. */
export type Taken = { grant: string } | { waitSeconds: number };

const asked = { reserve: 0 } as const;

/** Takes one at the tenant's gate, which counts for all. */
export async function takeOne(
  { objects }: Pick<Platform, "objects">,
  { clientId }: Pick<Person, "clientId">,
  counted: Counted,
): Promise<Taken> {
  const grant = crypto.randomUUID();
  const gate = await objects.gate(clientId);
  const { granted, windows } = await gate.takeCalls({ ...counted, ...asked, wanted: 1, grant });
  if (granted > 0) return { grant };
  const usedUp = windows.flatMap(({ remaining, resetsIn }) => (remaining > 0 ? [] : [resetsIn]));
  return { waitSeconds: Math.max(1, Math.ceil(Math.max(0, ...usedUp) / 1000)) };
}

/** Nothing was done with it: it is there again. */
export async function giveBack(
  { objects }: Pick<Platform, "objects">,
  { clientId }: Pick<Person, "clientId">,
  counted: Counted,
  grant: string,
): Promise<void> {
  const gate = await objects.gate(clientId);
  const former = { grant, unused: 1 };
  await gate.takeCalls({ ...counted, ...asked, wanted: 0, grant: crypto.randomUUID(), former });
}
