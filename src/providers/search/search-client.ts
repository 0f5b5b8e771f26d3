import { z } from "zod";
import { requestJson } from "../json-request.ts";
import type { Upstream } from "../upstream.ts";

export const searchTypes = ["web", "news", "images"] as const;

export interface SearchQuery {
  query: string;
  numResults: number;
  type: (typeof searchTypes)[number];
}

export interface SearchResult {
  title: string;
  url: string;
  snippet: string;
  published_at?: string;
}

const text = z.string().catch("");
const entry = z.object({
  title: text,
  link: text,
  snippet: text,
  date: z.string().optional(),
  original: z.string().optional(),
});
const answerSchema = z.object({
  organic_results: z.array(entry).optional(),
  news_results: z.array(entry).optional(),
  images_results: z.array(entry).optional(),
});

/** `tbm` values of SerpAPI's google engine, and where each puts its results. */
const verticals = {
  web: { tbm: undefined, results: "organic_results" },
  news: { tbm: "nws", results: "news_results" },
  images: { tbm: "isch", results: "images_results" },
} as const;

/**
 * Searches with SerpAPI.
 * @throws ProviderError `EXTERNAL_SERVICE_ERROR`
 */
export async function search(
  upstream: Upstream,
  { query, numResults, type }: SearchQuery,
  signal: AbortSignal,
) {
  const url = new URL(upstream.url);
  const parameters = {
    q: query,
    api_key: upstream.key,
    num: String(numResults),
    engine: "google",
    tbm: verticals[type].tbm,
  };
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) url.searchParams.set(name, value);
  const answer = await requestJson({
    service: "The search service",
    fetch: upstream.fetch,
    url: url.href,
    init: { headers: { accept: "application/json" } },
    schema: answerSchema,
    timeoutMs: 30_000,
    maxBytes: 4 * 1024 * 1024,
    signal,
  });
  const entries = answer[verticals[type].results] ?? [];
  const results = entries.slice(0, numResults).map(
    ({ title, link, original, snippet, date }): SearchResult => ({
      title,
      url: type === "images" ? (original ?? link) : link,
      snippet,
      ...(date === undefined ? {} : { published_at: date }),
    }),
  );
  return { query, results, total: results.length };
}
