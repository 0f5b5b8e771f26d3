import { TaskError } from "#src/engine/task-error.ts";
import type { Settings } from "#src/kernel/config.ts";
import type { CircuitBreakerApi } from "#src/objects/circuit-breaker-api.ts";
import type { Guarded } from "./guarded-call.ts";
import {
  type ProviderKind,
  type ProviderName,
  type ProviderRow,
  providerNames,
  providerTable,
} from "./provider-table.ts";
import { chooseUpstream, type Upstream } from "./upstream.ts";

/** What providers are reached with. */
export interface ProviderWorld {
  settings: Settings;
  /** Bound in development only. */
  sandbox: Fetcher | undefined;
  /** The breaker of a provider: a fresh stub each time, because one that has failed once stays broken. */
  breakerOf(provider: ProviderName): CircuitBreakerApi;
}

/** How the clients of all providers of a kind are made. */
export type Makers<K extends ProviderKind, T> = Readonly<Record<ProviderName<K>, (upstream: Upstream) => T>>;

/** A client with its breaker as it is now. */
export type Client<T> = () => Guarded<T>;

/** The clients of those providers that are configured, in the table's order, by their names. */
export function configuredClients<T>(
  makers: Readonly<Partial<Record<ProviderName, (upstream: Upstream) => T>>>,
  { settings, sandbox, breakerOf }: ProviderWorld,
): ReadonlyMap<string, Client<T>> {
  const clients = new Map<string, Client<T>>();
  for (const provider of providerNames) {
    const { keySetting, urlSetting, defaultUrl, sandboxPath }: ProviderRow = providerTable[provider];
    const choice = { key: settings[keySetting], url: settings[urlSetting], defaultUrl, sandboxPath };
    const make = makers[provider];
    const upstream = make && chooseUpstream(choice, settings, sandbox);
    if (!upstream) continue;
    const service = make(upstream);
    clients.set(provider, () => ({ provider, service, breaker: breakerOf(provider) }));
  }
  return clients;
}

/**
 * The client of the first provider that is configured.
 * @param what they do, for the refusal
 * @throws TaskError `EXTERNAL_SERVICE_ERROR` where none is
 */
export function firstClient<T>(clients: ReadonlyMap<string, Client<T>>, what: string): Client<T> {
  for (const client of clients.values()) return client;
  throw new TaskError("EXTERNAL_SERVICE_ERROR", `No ${what} provider is configured`);
}
