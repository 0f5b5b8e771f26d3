import type { Configuration } from "#src/configuration/index.ts";
import type { Platform } from "#src/platform.ts";
import { providerNames } from "#src/providers/index.ts";

/** Tells the breakers, which every call asks, of providers that are off and that are on. */
export async function switchProviders(
  { objects }: Pick<Platform, "objects">,
  { providers_off }: Pick<Configuration, "providers_off">,
  version: number,
): Promise<number> {
  await Promise.all(
    providerNames.map((name) => objects.breaker(name).switchOff(providers_off.includes(name), version)),
  );
  return providerNames.length;
}
