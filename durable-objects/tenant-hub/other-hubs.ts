import { withTimeout } from "#src/kernel/with-timeout.ts";
import type { HubAddress } from "#src/objects/events-api.ts";
import { allHubShards } from "#src/objects/hub-spread.ts";
import type { TenantHubApi } from "#src/objects/tenant-hub-api.ts";

/** Who asks waits no longer for a hub that does not answer. */
const usualPatienceMs = 2000;

/**
 * The other hubs over which a tenant's sockets are spread. A room has no hub of its own: each knows those of its own
 * sockets that are in it, and what is said there goes to all.
 */
export class OtherHubs {
  #here: (HubAddress & { clientId: string }) | undefined;
  readonly #hub: (clientId: string, shard: number) => TenantHubApi;
  readonly #failed: (message: string, error: unknown) => void;
  readonly #patienceMs: number;

  constructor(
    hub: (clientId: string, shard: number) => TenantHubApi,
    failed: (message: string, error: unknown) => void,
    patienceMs = usualPatienceMs,
  ) {
    this.#hub = hub;
    this.#failed = failed;
    this.#patienceMs = patienceMs;
  }

  /** Which of the hubs this is, and how many there are; of two words the later one counts. */
  learn(clientId: string, at: HubAddress | undefined): void {
    if (at && at.spread.hubShardsAt >= (this.#here?.spread.hubShardsAt ?? 0))
      this.#here = { ...at, clientId };
  }

  /** What they answer; one that fails, or is silent for too long, is left out. */
  async ask<T>(question: (hub: TenantHubApi) => Promise<T>): Promise<T[]> {
    const asked = this.#hubs.map((hub) => withTimeout(question(hub), this.#patienceMs));
    return this.#settled("a hub has not answered", asked);
  }

  /** Tells all of them; one that fails holds up no other. */
  async tell(word: (hub: TenantHubApi) => Promise<void>): Promise<void> {
    await this.#settled("a hub has not been told", this.#hubs.map(word));
  }

  async #settled<T>(failure: string, asked: Promise<T>[]): Promise<T[]> {
    const results = await Promise.allSettled(asked);
    return results.flatMap((result) => {
      if (result.status === "fulfilled") return [result.value];
      this.#failed(failure, result.reason);
      return [];
    });
  }

  get #hubs(): TenantHubApi[] {
    if (!this.#here) return [];
    const { clientId, shard, spread } = this.#here;
    const others = allHubShards(spread, Date.now()).filter((one) => one !== shard);
    return others.map((one) => this.#hub(clientId, one));
  }
}
