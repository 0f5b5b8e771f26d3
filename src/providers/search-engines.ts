import {
  type Client,
  configuredClients,
  firstClient,
  type Makers,
  type ProviderWorld,
} from "./configured-clients.ts";
import type { SearchEngine } from "./search-engine.ts";
import { serpApi } from "./serpapi/serpapi-client.ts";

const makers: Makers<"search", SearchEngine> = { serpapi: (upstream) => serpApi(upstream) };

/** @throws TaskError `EXTERNAL_SERVICE_ERROR` where no provider is configured */
export const searchEngineOf = (world: ProviderWorld): Client<SearchEngine> =>
  firstClient(configuredClients(makers, world), "search");
