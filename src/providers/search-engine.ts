import type { ServiceCall } from "./service-call.ts";

export const searchTypes = ["web", "news", "images"] as const;

export interface SearchQuery {
  query: string;
  /** At most so many results. */
  numResults: number;
  type: (typeof searchTypes)[number];
}

export interface SearchResult {
  title: string;
  /** `http` or `https`. */
  url: string;
  snippet: string;
  published_at?: string;
}

export interface SearchAnswer {
  query: string;
  results: SearchResult[];
  total: number;
}

/** A search of the web. Its calls are not metered: fuel counts them by the piece. */
export interface SearchEngine {
  /**
   * Searches once; whoever calls it tries again.
   * @throws ProviderError `EXTERNAL_SERVICE_ERROR`
   */
  search(query: SearchQuery, call: ServiceCall): Promise<SearchAnswer>;
}
