import type { HubAddress } from "#src/objects/events-api.ts";
import { allHubShards } from "#src/objects/hub-spread.ts";
import type { TenantHubApi } from "#src/objects/tenant-hub-api.ts";

/**
 * The other hubs over which a tenant's sockets are spread. A room has no hub of its own: each knows those of its own
 * sockets that are in it, and what is said there goes to all.
 */
export class OtherHubs {
  #here: (HubAddress & { clientId: string }) | undefined;
  readonly #hub: (clientId: string, shard: number) => TenantHubApi;
  readonly #failed: (message: string, error: unknown) => void;

  constructor(
    hub: (clientId: string, shard: number) => TenantHubApi,
    failed: (message: string, error: unknown) => void,
  ) {
    this.#hub = hub;
    this.#failed = failed;
  }

  /** Which of the hubs this is, and how many there are; of two words the later one counts. */
  learn(clientId: string, at: HubAddress | undefined): void {
    if (at && at.spread.hubShardsAt >= (this.#here?.spread.hubShardsAt ?? 0))
      this.#here = { ...at, clientId };
  }

  /** Asks all of them. @throws when one does not answer */
  ask<T>(question: (hub: TenantHubApi) => Promise<T>): Promise<T[]> {
    return Promise.all(this.#hubs.map(question));
  }

  /** Tells all of them; one that fails holds up no other. */
  async tell(word: (hub: TenantHubApi) => Promise<void>): Promise<void> {
    for (const result of await Promise.allSettled(this.#hubs.map(word)))
      if (result.status === "rejected") this.#failed("a hub has not been told", result.reason);
  }

  get #hubs(): TenantHubApi[] {
    if (!this.#here) return [];
    const { clientId, shard, spread } = this.#here;
    const others = allHubShards(spread, Date.now()).filter((one) => one !== shard);
    return others.map((one) => this.#hub(clientId, one));
  }
}
