import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { providerNames } from "#src/providers/provider-table.ts";

/** Each test's failures count against the shared breakers: makes them as new. */
export async function closeBreakers(): Promise<void> {
  for (const provider of providerNames) {
    const stub = env.CIRCUIT_BREAKER.getByName(provider);
    await runInDurableObject(stub, (_, { storage }) => storage.deleteAll());
    await evictDurableObject(stub);
  }
}
